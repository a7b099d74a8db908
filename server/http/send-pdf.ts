import type { Response } from 'express';

/** Sends a PDF to be shown in the browser; the file name is ASCII. */
export function sendPdf(response: Response, pdf: Buffer, fileName: string): void {
  response.type('application/pdf').setHeader('Content-Disposition', `inline; filename="${fileName}"`);
  response.send(pdf);
}
