import { isGuessable } from './guessable.ts';

const MOST_CHARACTERS = 128;

/** Whom a new password is for, and how long it must be at least. */
export interface PasswordOwner {
  loginName: string;
  displayName?: string;
  leastLength: number;
}

/**
 * Why a new password cannot be taken, as a sentence, or undefined when it can. Counted in characters as
 * people count them; spaces and Japanese are welcome, no mixture of kinds is demanded (NIST SP 800-63B).
 */
export function passwordProblem(
  password: string,
  { loginName, displayName = '', leastLength }: PasswordOwner,
): string | undefined {
  const length = [...password.normalize('NFKC')].length;
  if (length < leastLength) {
    return `パスワードは${leastLength}文字以上にしてください。いくつかの言葉をつなげると覚えやすくなります。`;
  }
  if (length > MOST_CHARACTERS) return `パスワードは${MOST_CHARACTERS}文字までにしてください。`;
  if (loginName !== '' && password.normalize('NFKC').toLowerCase().includes(loginName)) {
    return '利用者IDを含むパスワードは推測されやすいため使えません。別の言葉にしてください。';
  }
  if (isGuessable(password, [...loginName.split(/[._-]/), ...displayName.split(/\s/)])) {
    return 'よく使われるパスワードや、仕事や本人から思いつく言葉・数字の並び・繰り返しだけでできているため、推測されやすく使えません。関係のない言葉をいくつかつなげてください。';
  }
  return undefined;
}
