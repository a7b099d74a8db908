import { statSync } from 'node:fs';
import type { Config } from './config.ts';
import { readDatabaseUrl } from './db/connect.ts';

const DIFFERENT_CHARACTERS = 12;

/**
 * Every weak setting with which production does not start, one sentence each, never repeating a secret.
 * What only the database can tell (dummy data, missing scripts) is asked elsewhere.
 */
export function productionFaults(config: Config): string[] {
  return [
    ...secretFaults(config.sessionSecret),
    ...transportFaults(config),
    ...databaseFaults(config),
    ...(config.logLevel === 'silent' ? ['LOG_LEVEL: silent would hide failures'] : []),
  ];
}

function secretFaults(secret: string): string[] {
  if (secret === '') return [];
  if (isRepetitive(secret) || /secret|password|change.?me|example|ひみつ|秘密/i.test(secret)) {
    return ['SESSION_SECRET: can be guessed; make one with `openssl rand -base64 48`'];
  }
  return [];
}

/** Whether a text has few different characters, or is a shorter text over and over. */
function isRepetitive(text: string): boolean {
  if (new Set(text).size < DIFFERENT_CHARACTERS) return true;
  for (let period = 1; period <= text.length / 2; period += 1) {
    if (text.startsWith(text.slice(period))) return true;
  }
  return false;
}

function transportFaults({ tlsCertFile, tlsKeyFile, trustedProxyHops, cookieSecure }: Config): string[] {
  const faults: string[] = [];
  if (tlsCertFile === '' && trustedProxyHops === 0) {
    faults.push(
      'TLS: give TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXY_HOPS when a proxy in front ends the TLS',
    );
  }
  if (!cookieSecure) faults.push('COOKIE_SECURE: may not be false');
  for (const [name, path] of Object.entries({ TLS_CERT_FILE: tlsCertFile, TLS_KEY_FILE: tlsKeyFile })) {
    if (path !== '' && modeOf(path) === undefined) faults.push(`${name}: there is no such file`);
  }
  if (tlsKeyFile !== '' && isOpenToOthers(tlsKeyFile)) {
    faults.push('TLS_KEY_FILE: other users of this machine may read it (chmod o-rwx)');
  }
  return faults;
}

function databaseFaults({ databaseUrl, allowUnverifiedDatabase }: Config): string[] {
  const origin = readDatabaseUrl(databaseUrl);
  if (origin.engine === 'sqlite') {
    return isOpenToOthers(origin.path)
      ? ['DATABASE_URL: other users of this machine may read the file (chmod o-rwx)']
      : [];
  }
  const { encrypt, trustServerCertificate } = origin.target;
  if ((encrypt && !trustServerCertificate) || allowUnverifiedDatabase) return [];
  return [
    'DATABASE_URL: the connection is not encrypted, or the certificate of SQL Server is not checked; ' +
      'where that is meant, say ALLOW_UNVERIFIED_DATABASE=true',
  ];
}

function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

/** Whether users outside the file's group may do anything with it; Windows does not tell it in mode bits. */
function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && ((modeOf(path) ?? 0) & 0o007) !== 0;
}
