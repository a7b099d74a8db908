import { toKatakana } from './kana.ts';
import { code, DROPPED, flags, SOUNDS, soundMap } from './kana-sounds.ts';

const U = code('ウ');
const VU = code('ヴ');
const O = code('オ');
const REPEAT = code('ヽ');
const VOICE_MARKS = '゛ﾞ\u3099';
/** The kana whose voiced form does not fold like the plain one, by their sound: a mark after them counts. */
const VOICED = soundMap('ウヴ');
/** ヴ and the vowel after it, whatever the size, sound as one kana of ハ行: ヴァ=バ, ヴィ=ビ. */
const AFTER_VU = soundMap('アワイヒエヘオホ');
const IS_O_ROW = flags('オコソトノホモヨロ');
const IS_VOICE_MARK = flags(VOICE_MARKS);

/**
 * Folds a name's kana, hiragana or katakana of either width, to the form in which names are searched
 * (標準仕様書 あいまい検索): 清濁・小書き・長音・空白 ignored, ハ=ワ, ヲ=オ, ヰ=イ, ヱ=エ, and ウ after an オ段 sound is オ.
 * Other characters stay. Folding twice changes nothing. ヂ=ジ and ヅ=ズ are the business of `kanaReadings`.
 *
 * Spaces and ー go before the ウ step, so that ｵﾉ ｳﾒ and オノウメ meet, and コーウ and コウ.
 */
export function foldKana(text: string): string {
  let folded = '';
  let last = DROPPED;
  for (let index = 0; index < text.length; index++) {
    let sound = SOUNDS[text.charCodeAt(index)]!;
    if (sound === DROPPED) continue;
    if (IS_VOICE_MARK[text.charCodeAt(index + 1)] === 1) {
      sound = VOICED.get(sound) ?? sound;
      index++;
    }
    if (sound === VU) {
      const joined = AFTER_VU.get(SOUNDS[text.charCodeAt(index + 1)]!);
      if (joined !== undefined) index++;
      sound = joined ?? code('フ');
    } else if (sound === U && IS_O_ROW[last] === 1) {
      sound = O;
    } else if (sound === REPEAT && last !== DROPPED) {
      sound = last;
    }
    last = sound;
    folded += String.fromCharCode(sound);
  }
  return folded;
}

const MOST_READINGS = 8;
const OTHER_SPELLING = new Map(['ジヂ', 'ヂジ', 'ズヅ', 'ヅズ'].map((pair) => [pair[0]!, pair[1]!]));
const LONG = 'ー－―‐−';
const READ_IN_WAYS = new RegExp(`[${[...OTHER_SPELLING.keys()].join('')}${LONG}]`);
const VOWEL_ROWS: readonly [vowel: string, row: string][] = [
  ['ア', 'アカサタナハマヤラワガザダバパァャヮ'],
  ['イ', 'イキシチニヒミリギジヂビピィ'],
  ['ウ', 'ウクスツヌフムユルグズヅブプゥュッヴ'],
  ['エ', 'エケセテネヘメレゲゼデベペェ'],
  ['オ', 'オコソトノホモヨロヲゴゾドボポォョ'],
];

/**
 * The folded forms under which a name may stand that was typed as `text`, its own fold first, at most 8.
 *
 * Were the fold to make シ, ジ, ヂ and チ one, マツダ would be マスダ. So the fold only drops the mark (ヅ → ツ), and
 * what is typed with one is looked up in both spellings: イシズカ as イシスカ and イシツカ. In the same way オーノ may
 * be オノ or オオノ.
 */
export function kanaReadings(text: string): string[] {
  const typed = toKatakana(text.normalize('NFC'));
  if (!READ_IN_WAYS.test(typed)) return [foldKana(typed)];
  let readings = [''];
  for (const kana of typed) {
    const others = [kana, OTHER_SPELLING.get(kana)].filter((one) => one !== undefined);
    readings = readings
      .flatMap((reading) =>
        (LONG.includes(kana) ? ['', vowelOf(reading.at(-1))] : others).map((other) => reading + other),
      )
      .slice(0, MOST_READINGS);
  }
  return [...new Set(readings.map(foldKana))];
}

function vowelOf(kana = ''): string {
  return VOWEL_ROWS.find(([, row]) => kana !== '' && row.includes(kana))?.[0] ?? '';
}
