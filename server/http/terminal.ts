import { isIP } from 'node:net';
import type { Request } from 'express';

/**
 * The address of the terminal a request came from; behind a proxy, the one that the outermost trusted proxy
 * saw. What is not an address (a header somebody wrote) is not repeated.
 */
export function terminalOf(request: Request): string {
  const address = request.ip ?? '';
  return isIP(address) === 0 ? '(unknown)' : address;
}
