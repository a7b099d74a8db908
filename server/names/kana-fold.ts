import { code, DROPPED, flags, SOUNDS, soundMap } from './kana-sounds.ts';

const U = code('ウ');
const VU = code('ヴ');
const O = code('オ');
const REPEAT = code('ヽ');
const VOICE_MARKS = '゛ﾞ\u3099';
/** The kana whose voiced form does not fold like the plain one, by their sound: a mark after them counts. */
const VOICED = soundMap('ウヴチシツス');
/** ヴ and the vowel after it, whatever the size, sound as one kana of ハ行: ヴァ=バ, ヴィ=ビ. */
const AFTER_VU = soundMap('アワイヒエヘオホ');
const IS_O_ROW = flags('オコソトノホモヨロ');
const IS_VOICE_MARK = flags(VOICE_MARKS);

/**
 * Folds a name's kana, hiragana or katakana of either width, to the form in which names are searched
 * (標準仕様書 あいまい検索): 清濁・小書き・長音・空白 ignored, ハ=ワ, ヂ=ジ, ヅ=ズ, ヲ=オ, ヰ=イ, ヱ=エ, and ウ after an
 * オ段 sound is オ. Other characters stay. Folding twice changes nothing.
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
