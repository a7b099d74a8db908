/** The sound of what a fold leaves out. */
export const DROPPED = 0;
/** For every UTF-16 unit the sound it folds to; DROPPED for marks, spaces and the long vowel. */
export const SOUNDS = soundTable();

/** Sound code → sound code, from pairs of kana. */
export function soundMap(pairs: string): Map<number, number> {
  const sounds = new Map<number, number>();
  for (let index = 0; index < pairs.length; index += 2)
    sounds.set(code(pairs[index]!), code(pairs[index + 1]!));
  return sounds;
}

/** 1 for every UTF-16 unit among the characters. */
export function flags(characters: string): Uint8Array {
  const found = new Uint8Array(0x10000);
  for (const character of characters) found[code(character)] = 1;
  return found;
}

/** The character's UTF-16 unit. */
export function code(character: string): number {
  return character.charCodeAt(0);
}

function soundTable(): Uint16Array {
  const sounds = Uint16Array.from({ length: 0x10000 }, (_, unit) => unit);
  const fold = (from: string, to: string) => {
    for (let index = 0; index < from.length; index++) sounds[from.charCodeAt(index)] = code(to[index] ?? to);
  };
  fold('ァィゥェォッャュョヮヵヶ', 'アイウエオツヤユヨワカケ');
  fold('ガギグゲゴザジズゼゾダヂヅデド', 'カキクケコサシスセソタチツテト');
  fold('ハバパヒビピフブプヘベペホボポ', 'ワワワヒヒヒフフフヘヘヘホホホ');
  fold('ヰヱヲヷヸヹヺヾ', 'イエオワイエオヽ');
  for (let unit = code('ぁ'); unit <= code('ゖ'); unit++) sounds[unit] = sounds[unit + 0x60]!;
  fold('ゝゞ', 'ヽヽ');
  fold('ｦｧｨｩｪｫｬｭｮｯ', 'オアイウエオヤユヨツ');
  fold(
    'ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ',
    'アイウエオカキクケコサシスセソタチツテトナニヌネノワヒフヘホマミムメモヤユヨラリルレロワン',
  );
  for (const dropped of `ーｰ-‐‑‒–—―−－゛゜ﾞﾟ\u3099\u309a\u3000\u00a0 \t`) sounds[code(dropped)] = DROPPED;
  return sounds;
}
