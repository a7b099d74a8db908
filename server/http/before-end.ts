import type { Response } from 'express';

/** Has `work` done before the last of the answer goes out, so that whoever saw the answer finds it done. */
export function beforeEnd(response: Response, work: () => Promise<void> | undefined): void {
  const end = response.end.bind(response) as (...given: unknown[]) => Response;
  let isEnding = false;
  response.end = ((...given: unknown[]) => {
    if (isEnding) return response;
    isEnding = true;
    const working = work();
    if (working === undefined) return end(...given);
    working.finally(() => end(...given));
    return response;
  }) as typeof response.end;
}
