import type { ServerResponse } from 'node:http';

/** An answer that is ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/**
 * On every answer, and all there is on those to probes, whose time goes into writing headers more than into anything else:
 * nothing is kept by caches or taken for something that it is not. Nothing tells which server answers.
 */
export const leastHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
};

/** On every other answer: no page may embed it, and it can load nothing. */
export const guardingHeaders: Readonly<Record<string, string>> = {
  ...leastHeaders,
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

/** Sends an answer without Koa. Does nothing when one is on its way already. */
export function sendAnswer(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': length });
  if (response.req.method === 'HEAD') response.end();
  else response.end(answer.body);
}

/** An answer as it goes over the wire, for a connection whose request could not even be read. The connection then ends. */
export function rawAnswer(answer: Answer, reasonPhrase: string): string {
  const headers = { ...answer.headers, 'Content-Length': Buffer.byteLength(answer.body), Connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} ${reasonPhrase}\r\n${lines.join('')}\r\n${String(answer.body)}`;
}
