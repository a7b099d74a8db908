import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Express } from 'express';
import type { Config } from '../config.ts';

// A form is small and comes over a local network; what takes longer is a stuck or hostile sender.
const LIMITS = { requestTimeout: 120_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 };
const CLOSE_IDLE_EVERY_MS = 50;

export interface Listening {
  server: Server;
  /** Refuses new connections, lets running requests finish for at most so long, then cuts them. */
  stop(withinMs: number): Promise<{ cut: boolean }>;
}

/** Serves `app`, by TLS where there is a certificate. */
export async function listen(app: Express, config: Config): Promise<Listening> {
  const { tlsCertFile, tlsKeyFile, port, host } = config;
  const server =
    tlsCertFile === ''
      ? createHttpServer(LIMITS, app)
      : createHttpsServer(
          {
            ...LIMITS,
            cert: readFileSync(tlsCertFile),
            key: readFileSync(tlsKeyFile),
            minVersion: 'TLSv1.2',
          },
          app,
        );
  server.listen(port, host);
  await once(server, 'listening');
  return { server, stop: (withinMs) => stop(server, withinMs) };
}

async function stop(server: Server, withinMs: number): Promise<{ cut: boolean }> {
  let cut = false;
  const closed = once(server, 'close');
  server.close();
  // A connection kept alive takes no further request: it is closed as soon as its answer is out.
  const closingIdle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  const cutting = setTimeout(() => {
    cut = true;
    server.closeAllConnections();
  }, withinMs);
  await closed;
  clearInterval(closingIdle);
  clearTimeout(cutting);
  return { cut };
}
