import { Refusal } from '../refusal.js';
import type { AnswerForms, Route, RouteAnswer } from '../route.js';

/**
 * What the page may do: load its own files and talk to the control plane that it came from. No inline script or style, no other
 * origin, no frame, no form that goes anywhere, and no text that becomes HTML.
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const fileForms: AnswerForms = Object.fromEntries(
  Object.values(types).map((type) => [type.split(';')[0] ?? type, { type: 'string' }]),
);

/**
 * The console: `GET /` and the files of its page. They say nothing about the application, so they are open to everybody; what
 * the page shows, it asks the other routes for, with the token of whoever sits in front of it.
 */
export function consoleRoutes(): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      authority: 'open',
      summary: 'the console: a page that shows all of this live',
      answers: { 200: { 'text/html': { type: 'string' } } },
      refusals: [],
      handle: () => pageFile('index.html'),
    },
    {
      method: 'GET',
      path: '/console/<file>',
      authority: 'open',
      summary: 'a file of the console',
      parts: { file: 'name of the file' },
      answers: { 200: fileForms },
      refusals: ['CONTROL_ROUTE_UNKNOWN'],
      handle: ({ parameters }) => pageFile(parameters['file'] ?? ''),
    },
  ];
}

/** Loads the page when it is first asked for: most processes are never looked at with a browser. */
async function pageFile(name: string): Promise<RouteAnswer> {
  const { pageFiles } = await import('../console/page-files.js');
  const text = Object.hasOwn(pageFiles, name) ? pageFiles[name] : undefined;
  const type = types[name.slice(name.lastIndexOf('.') + 1)];
  if (text === undefined || type === undefined) {
    throw new Refusal('CONTROL_ROUTE_UNKNOWN', 'the console has no such file');
  }
  const headers = { 'Content-Security-Policy': pagePolicy, 'Cross-Origin-Opener-Policy': 'same-origin' };
  // Bytes, not a text: a secret that happens to be a word of the program must not take the word out of it.
  return { status: 200, type, headers, body: Buffer.from(text) };
}
