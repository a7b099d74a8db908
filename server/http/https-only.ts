import type { RequestHandler } from 'express';
import type { Config } from '../config.ts';
import { Forbidden } from '../errors.ts';

/** Where cookies are for TLS only, takes no request that came without it: it could never sign in anyway. */
export function httpsOnly({ cookieSecure }: Config): RequestHandler {
  return (request, _response, next) => {
    if (!cookieSecure || request.secure) return next();
    throw new Forbidden(
      '暗号化されていない接続のため、表示できません。アドレスを https:// で始めて開き直してください。',
    );
  };
}
