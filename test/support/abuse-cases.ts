import type { Question } from '../fakes/control-client.js';

/** A request that nobody honest sends, and what it is answered with. */
export interface AbuseCase {
  readonly what: string;
  readonly question: Question;
  readonly status: number;
  /** Of the problem; undefined where the answer has no body. */
  readonly code: string | undefined;
}

/** The token that operates. */
export const rightToken = 'sesame';

const operator = { Authorization: `Bearer ${rightToken}` };
const json = { ...operator, 'Content-Type': 'application/json' };
const stop = { method: 'POST', path: '/workers/report/stop' };
type Row = readonly [what: string, question: Question, status: number, code: string | undefined];

const body = (text: string | Buffer): Question => ({ ...stop, headers: json, body: text });
const bodies: readonly Row[] = [
  ...(
    [
      ['no JSON', 'force=true'],
      ['a list', '[true]'],
      ['a string', '"force"'],
      ['null', 'null'],
      ['white space', ' '],
      ['half an object', '{"force":true'],
      ['two objects', '{}{}'],
      ['a comma too many', '{"force":true,}'],
      ['a comment', '{/* */"force":true}'],
      ['single quotes', "{'force':true}"],
      ['not a number', '{"force":NaN}'],
      ['a string for a boolean', '{"force":"true"}'],
      ['a number for a boolean', '{"force":1}'],
      ['null for a boolean', '{"force":null}'],
      ['a list for a boolean', '{"force":[true]}'],
      ['another case of true', '{"force":True}'],
      ['a number for a reason', '{"reason":1}'],
      ['an empty reason', '{"reason":""}'],
      ['a reason of 501 characters', `{"reason":"${'a'.repeat(501)}"}`],
      ['a reason of two lines', '{"reason":"a\\nb"}'],
      ['a reason that colours a terminal', '{"reason":"\\u001b[31m"}'],
      ['an unknown field', '{"forced":true}'],
      ['a field of another case', '{"Force":true}'],
      ['a double key', '{"force":true,"force":false}'],
      ['a double key, once escaped', '{"force":true,"forc\\u0065":false}'],
      ['the key __proto__', '{"__proto__":{"force":true}}'],
      ['the key constructor', '{"constructor":{"prototype":{"force":true}}}'],
      ['bytes that are no UTF-8', Buffer.from([123, 0xff])],
      ['half a character', Buffer.from('{"reason":"ä"}').subarray(0, 12)],
      ['a byte order mark', '\ufeff{}'],
      ['UTF-16', Buffer.from('{"force":true}', 'utf16le')],
      ['33 levels', `{"a":${'['.repeat(32)}${']'.repeat(32)}}`],
      ['3,000 levels', '{"a":'.repeat(3000)],
    ] as const
  ).map(([what, text]): Row => [`a body that is ${what}`, body(text), 400, 'CONTROL_BODY_INVALID']),
  [
    'force where it means nothing',
    { ...body('{"force":true}'), path: '/workers/report/pause' },
    400,
    'CONTROL_BODY_INVALID',
  ],
  [
    'a body on a look',
    { path: '/status', headers: { ...json, 'Content-Length': '2' }, body: '{}' },
    400,
    'CONTROL_BODY_INVALID',
  ],
  [
    'a body on a probe',
    { path: '/health', headers: { ...json, 'Content-Length': '2' }, body: '{}' },
    400,
    'CONTROL_BODY_INVALID',
  ],
  [
    'no body where one is needed',
    { method: 'PUT', path: '/loggers/report', headers: json },
    400,
    'CONTROL_BODY_INVALID',
  ],
  ['a body of 16 KiB and a byte', body(' '.repeat(16_385)), 413, 'CONTROL_BODY_TOO_LARGE'],
  [
    'a large chunked body',
    { ...body(' '.repeat(20_000)), headers: { ...json, 'Transfer-Encoding': 'chunked' } },
    413,
    'CONTROL_BODY_TOO_LARGE',
  ],
];

const encodings: readonly Row[] = [
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json-patch+json',
    'text/json',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json, text/plain',
    'json',
  ].map((type): Row => [type, { ...body('{}'), headers: typed(type) }, 415, 'CONTROL_MEDIA_TYPE_REFUSED']),
  ['a body of no type', { ...body('{}'), headers: operator }, 415, 'CONTROL_MEDIA_TYPE_REFUSED'],
  ...['br', 'gzip', 'deflate', 'zstd', 'identity', 'aws-chunked', 'gzip, gzip', ''].map((encoding): Row => [
    `the encoding "${encoding}"`,
    { ...body('{}'), headers: { ...json, 'Content-Encoding': encoding } },
    415,
    'CONTROL_MEDIA_TYPE_REFUSED',
  ]),
];

const hosts: readonly Row[] = [
  'evil.example',
  'localhost.evil.example:$PORT',
  '127.0.0.1.nip.io:$PORT',
  '127.0.0.1',
  'localhost:1',
  'localhost.:$PORT',
  '127.1:$PORT',
  '0.0.0.0:$PORT',
  '2130706433:$PORT',
  '[::]:$PORT',
  'user@localhost:$PORT',
  'localhost:$PORT, evil.example',
].flatMap((host): Row[] => [
  [`the host "${host}"`, { path: '/status', headers: { ...operator, Host: host } }, 421, 'CONTROL_HOST_REFUSED'],
  [`the host "${host}" at a probe`, { path: '/health', headers: { Host: host } }, 421, 'CONTROL_HOST_REFUSED'],
  [`the host "${host}" at an action`, { ...stop, headers: { ...operator, Host: host } }, 421, 'CONTROL_HOST_REFUSED'],
]);

const pages: readonly Readonly<Record<string, string>>[] = [
  { Origin: 'http://evil.example' },
  { Origin: 'null' },
  { Origin: '' },
  { Origin: 'http://localhost:3000' },
  { Origin: 'http://localhost' },
  { Origin: 'http://127.0.0.1:$PORT.evil.example' },
  { Origin: 'http://127.0.0.1:$PORT/' },
  { Origin: 'http://evil.example http://127.0.0.1:$PORT' },
  { Origin: 'file://' },
  { Origin: 'chrome-extension://abcdef' },
  { Origin: 'HTTP://127.0.0.1:$PORT' },
  { 'Sec-Fetch-Site': 'cross-site' },
  { 'Sec-Fetch-Site': 'same-site' },
  { 'Sec-Fetch-Site': '' },
  { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
  { Origin: 'http://127.0.0.1:$PORT', 'Sec-Fetch-Site': 'same-site' },
];
const origins: readonly Row[] = [
  ...pages.map((page): Row => [
    `an action of the page ${JSON.stringify(page)}`,
    { ...body('{}'), headers: { ...json, ...page } },
    403,
    'CONTROL_ORIGIN_REFUSED',
  ]),
  ...['cross-site', 'same-site'].map((site): Row => [
    `a look of a page that is ${site}`,
    { path: '/status', headers: { ...operator, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors' } },
    403,
    'CONTROL_ORIGIN_REFUSED',
  ]),
  [
    'a preflight',
    { method: 'OPTIONS', path: stop.path, headers: { Origin: 'http://evil.example' } },
    405,
    'CONTROL_METHOD_REFUSED',
  ],
];

const methods: readonly Row[] = [
  ['GET on an action', { path: stop.path, headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
  ['HEAD on an action', { method: 'HEAD', path: stop.path, headers: operator }, 405, undefined],
  ...['GET', 'POST'].map((method): Row => [
    `${method} that wants to be PUT`,
    {
      method,
      path: '/loggers/report?_method=PUT',
      headers: { ...operator, 'X-HTTP-Method-Override': 'PUT', 'X-Method-Override': 'PUT' },
    },
    405,
    'CONTROL_METHOD_REFUSED',
  ]),
  ...['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'QUERY', 'PROPFIND', 'PURGE', 'MKCOL', 'LINK'].flatMap(
    (method): Row[] =>
      ['/workers/report', stop.path, '/health', '/config', '/'].map((path) => [
        `${method} ${path}`,
        { method, path, headers: operator },
        405,
        'CONTROL_METHOD_REFUSED',
      ]),
  ),
  ...['/workers/report', '/health', '/health/live', '/events', '/audit', '/openapi.json', '/'].map((path): Row => [
    `POST ${path}`,
    { method: 'POST', path, headers: operator },
    405,
    'CONTROL_METHOD_REFUSED',
  ]),
];

const paths: readonly Row[] = [
  '/Health',
  '/health/',
  '/health/live/',
  '//health',
  '//evil.example/health',
  '/./health',
  '/%68ealth',
  '/health%2Flive',
  '/health%00',
  '/health;a=b',
  '/health.json',
  '/STATUS',
  '/workers/../status',
  '/workers/%2e%2e/status',
  '/workers/..%2fstatus/',
  '/workers//runs',
  '/workers/report/Stop',
  '/workers/report/kill',
  '/workers/report/stop/',
  '/workers/report/stop/now',
  '/console/../status',
  '/console/..%2f..%2fpackage.json',
  '/console/%2e%2e%2fconsole.css',
  '/console/__proto__',
  '/console/constructor',
  '/favicon.ico',
  '/.env',
  '/.git/config',
  '/package.json',
  '/server-status',
  '/actuator/env',
  `/${'a'.repeat(7000)}`,
  `/${'a/'.repeat(3000)}`,
].flatMap((path): Row[] => [
  [`a look at ${shorten(path)}`, { path, headers: operator }, 404, 'CONTROL_ROUTE_UNKNOWN'],
  ...(path.startsWith('/console/')
    ? []
    : [
        [
          `an action on ${shorten(path)}`,
          { method: 'POST', path, headers: operator },
          404,
          'CONTROL_ROUTE_UNKNOWN',
        ] as const,
      ]),
]);

const names: readonly Row[] = [
  ...[
    'nobody',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'a%2Fb',
    '..',
    '%2e%2e',
    '%2e%2e%2freport',
    '%00',
    'report%00',
    'report%20',
    '%20report',
    'report%0a',
    '%0d%0aX-A:b',
    'REPORT',
    'Report',
    're%70ort%70',
    'r%D0%B5port',
    'report%E2%80%8B',
    '%EF%BC%92',
    '%F0%9F%92%A9',
    '*',
    '{name}',
    '<name>',
    '%3Cscript%3Ealert(1)%3C%2Fscript%3E',
    'report,invoice-sync',
    '0',
    '-1',
    'null',
    'undefined',
    'a'.repeat(5000),
  ].flatMap((name): Row[] => [
    [`the worker ${shorten(name)}`, { path: `/workers/${name}`, headers: operator }, 404, 'WORKER_UNKNOWN'],
    [`the ledger of ${shorten(name)}`, { path: `/workers/${name}/runs`, headers: operator }, 404, 'WORKER_UNKNOWN'],
    [`stopping ${shorten(name)}`, { ...body('{}'), path: `/workers/${name}/stop` }, 404, 'WORKER_UNKNOWN'],
    [`the run ${shorten(name)}`, { path: `/workers/report/runs/${name}`, headers: operator }, 404, 'RUN_UNKNOWN'],
    [`the trace ${shorten(name)}`, { path: `/traces/${name}`, headers: operator }, 404, 'TRACE_UNKNOWN'],
    [`the group ${shorten(name)}`, { path: `/health/${name}` }, 404, 'HEALTH_GROUP_UNKNOWN'],
  ]),
  ...['%zz', '%', '%c0%ae%c0%ae', '%ff', '%ed%a0%80', 'report%u0000'].flatMap((name): Row[] => [
    [`the worker ${name}`, { path: `/workers/${name}`, headers: operator }, 400, 'CONTROL_REQUEST_MALFORMED'],
    [`stopping ${name}`, { ...body('{}'), path: `/workers/${name}/stop` }, 400, 'CONTROL_REQUEST_MALFORMED'],
    [`the group ${name}`, { path: `/health/${name}` }, 400, 'CONTROL_REQUEST_MALFORMED'],
  ]),
];

const tokens: readonly Row[] = [
  ['no token', stop, 401, 'CONTROL_UNAUTHORIZED'],
  ...[
    ['in the query', { path: `${stop.path}?token=${rightToken}&access_token=${rightToken}` }],
    ['in a cookie', { headers: { Cookie: `token=${rightToken}; Authorization=Bearer ${rightToken}` } }],
    ['in a header of its own', { headers: { 'X-Token': rightToken, 'Proxy-Authorization': `Bearer ${rightToken}` } }],
  ].map(([where, more]): Row => [
    `the token ${where as string}`,
    { ...stop, ...(more as object) },
    401,
    'CONTROL_UNAUTHORIZED',
  ]),
  ...[
    'Basic OnNlc2FtZQ==',
    `Token ${rightToken}`,
    `Bearer${rightToken}`,
    `Bearer=${rightToken}`,
    rightToken,
    'Bearer',
    'Bearer ',
    'Bearer sesam',
    'Bearer sesame1',
    'Bearer SESAME',
    'Bearer "sesame"',
    'Bearer sesame,',
    'Bearer no, Bearer sesame',
    'Bearer undefined',
    'Bearer null',
    'Bearer [object Object]',
    'Bearer %73esame',
    `Bearer ${'a'.repeat(7000)}`,
    'Bearer sesäme',
  ].map((shown): Row => [
    `"${shorten(shown)}" for a token`,
    { ...stop, headers: { Authorization: shown } },
    401,
    'CONTROL_UNAUTHORIZED',
  ]),
];

/** The table of abuse, by what is abused. */
export const abuse: Readonly<Record<string, readonly AbuseCase[]>> = Object.fromEntries(
  Object.entries({ bodies, encodings, hosts, origins, methods, paths, names, tokens }).map(([subject, rows]) => [
    subject,
    rows.map(([what, question, status, code]) => ({ what, question, status, code })),
  ]),
);

/** The same request to a control plane at this port. */
export function atPort({ headers = {}, ...question }: Question, port: number): Question {
  const filled = Object.entries(headers).map(([name, value]) => [name, value.replaceAll('$PORT', String(port))]);
  return { ...question, headers: Object.fromEntries(filled) as Record<string, string> };
}

function typed(type: string): Record<string, string> {
  return { ...operator, 'Content-Type': type };
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 20)}… (${text.length} characters)` : text;
}
