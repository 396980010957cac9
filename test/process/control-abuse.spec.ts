import { expect } from 'chai';
import { ask, askRaw, type Question } from '../fakes/control-client.js';
import { type ControlStage, startControl } from '../fakes/control-stage.js';

const operator = { Authorization: 'Bearer sesame' };
const json = { ...operator, 'Content-Type': 'application/json' };
const stop = { method: 'POST', path: '/workers/report/stop' };

describe('abuse of the control plane', () => {
  let stage: ControlStage;

  before(async () => {
    stage = await startControl({ token: 'sesame' });
  });

  after(() => stage.plane.stop());

  afterEach(() => {
    expect(stage.view.orders, 'what reached the runtime').to.deep.equal([]);
    expect(stage.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  const table: [what: string, question: Question | (() => Question), status: number, code: string][] = [
    ['a body that is no JSON', { ...stop, headers: json, body: 'force=true' }, 400, 'CONTROL_BODY_INVALID'],
    ['a body that is no object', { ...stop, headers: json, body: '[true]' }, 400, 'CONTROL_BODY_INVALID'],
    ['white space for a body', { ...stop, headers: json, body: ' ' }, 400, 'CONTROL_BODY_INVALID'],
    ['a string for a boolean', { ...stop, headers: json, body: '{"force":"true"}' }, 400, 'CONTROL_BODY_INVALID'],
    ['an unknown field', { ...stop, headers: json, body: '{"forced":true}' }, 400, 'CONTROL_BODY_INVALID'],
    ['a double key', { ...stop, headers: json, body: '{"force":true,"force":false}' }, 400, 'CONTROL_BODY_INVALID'],
    [
      'the key __proto__',
      { ...stop, headers: json, body: '{"__proto__":{"force":true}}' },
      400,
      'CONTROL_BODY_INVALID',
    ],
    [
      'bytes that are no UTF-8',
      { ...stop, headers: json, body: Buffer.from([123, 0xff]) },
      400,
      'CONTROL_BODY_INVALID',
    ],
    ['deep nesting', { ...stop, headers: json, body: '{"a":'.repeat(3000) }, 400, 'CONTROL_BODY_INVALID'],
    ['force where it means nothing', force('pause'), 400, 'CONTROL_BODY_INVALID'],
    ['a body of 16 KiB and a byte', { ...stop, headers: json, body: ' '.repeat(16385) }, 413, 'CONTROL_BODY_TOO_LARGE'],
    ['a large chunked body', chunked(' '.repeat(20_000)), 413, 'CONTROL_BODY_TOO_LARGE'],
    [
      'a form',
      { ...stop, headers: typed('application/x-www-form-urlencoded'), body: 'a=b' },
      415,
      'CONTROL_MEDIA_TYPE_REFUSED',
    ],
    ['plain text', { ...stop, headers: typed('text/plain'), body: '{}' }, 415, 'CONTROL_MEDIA_TYPE_REFUSED'],
    ['a body of no type', { ...stop, headers: operator, body: '{}' }, 415, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [
      'Brotli',
      { ...stop, headers: { ...json, 'Content-Encoding': 'br' }, body: '{}' },
      415,
      'CONTROL_MEDIA_TYPE_REFUSED',
    ],
    [
      'gzip',
      { ...stop, headers: { ...json, 'Content-Encoding': 'gzip' }, body: '{}' },
      415,
      'CONTROL_MEDIA_TYPE_REFUSED',
    ],
    ['identity', { ...stop, headers: { ...json, 'Content-Encoding': 'identity' } }, 415, 'CONTROL_MEDIA_TYPE_REFUSED'],
    [
      'a foreign host',
      { path: '/status', headers: { ...operator, Host: 'evil.example' } },
      421,
      'CONTROL_HOST_REFUSED',
    ],
    ['a foreign host at a probe', { path: '/health', headers: { Host: 'evil.example' } }, 421, 'CONTROL_HOST_REFUSED'],
    ['another port', { path: '/health', headers: { Host: 'localhost:1' } }, 421, 'CONTROL_HOST_REFUSED'],
    ['a foreign origin', from({ Origin: 'http://evil.example' }), 403, 'CONTROL_ORIGIN_REFUSED'],
    ['an opaque origin', from({ Origin: 'null' }), 403, 'CONTROL_ORIGIN_REFUSED'],
    ['another local page', from({ Origin: 'http://localhost:3000' }), 403, 'CONTROL_ORIGIN_REFUSED'],
    ['a cross-site page', from({ 'Sec-Fetch-Site': 'cross-site' }), 403, 'CONTROL_ORIGIN_REFUSED'],
    ['a same-site page', from({ 'Sec-Fetch-Site': 'same-site' }), 403, 'CONTROL_ORIGIN_REFUSED'],
    ['a preflight', { method: 'OPTIONS', path: '/workers/report/stop' }, 405, 'CONTROL_METHOD_REFUSED'],
    ['GET on an action', { path: '/workers/report/stop', headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
    ['HEAD on an action', { method: 'HEAD', path: '/workers/report/stop', headers: operator }, 405, ''],
    ['POST on a view', { method: 'POST', path: '/workers/report', headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
    ['POST on health', { method: 'POST', path: '/health', headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
    ['DELETE', { method: 'DELETE', path: '/workers/report', headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
    ['TRACE', { method: 'TRACE', path: '/health', headers: operator }, 405, 'CONTROL_METHOD_REFUSED'],
    ['no token on an action', stop, 401, 'CONTROL_UNAUTHORIZED'],
    ['a token in the query', { ...stop, path: `${stop.path}?token=sesame` }, 401, 'CONTROL_UNAUTHORIZED'],
    ['a token as password', { ...stop, headers: { Authorization: 'Basic OnNlc2FtZQ==' } }, 401, 'CONTROL_UNAUTHORIZED'],
    ['an empty token', { ...stop, headers: { Authorization: 'Bearer ' } }, 401, 'CONTROL_UNAUTHORIZED'],
    ['a longer token', { ...stop, headers: { Authorization: 'Bearer sesame1' } }, 401, 'CONTROL_UNAUTHORIZED'],
    ['another case', { path: '/Health' }, 404, 'CONTROL_ROUTE_UNKNOWN'],
    ['a slash at the end', { path: '/health/' }, 404, 'CONTROL_ROUTE_UNKNOWN'],
    ['a double slash', { path: '//health' }, 404, 'CONTROL_ROUTE_UNKNOWN'],
    ['a climbing path', { path: '/workers/../status', headers: operator }, 404, 'CONTROL_ROUTE_UNKNOWN'],
    [
      'another action',
      { method: 'POST', path: '/workers/report/kill', headers: operator },
      404,
      'CONTROL_ROUTE_UNKNOWN',
    ],
    ['an unknown group', { path: '/health/nope' }, 404, 'HEALTH_GROUP_UNKNOWN'],
    ['a group __proto__', { path: '/health/__proto__' }, 404, 'HEALTH_GROUP_UNKNOWN'],
    ['a broken name', { path: '/workers/%zz', headers: operator }, 400, 'CONTROL_REQUEST_MALFORMED'],
    ...[
      'nobody',
      '__proto__',
      'constructor',
      'toString',
      'a%2Fb',
      '..',
      '%2e%2e',
      '%00',
      '%0d%0aX-A:b',
      'REPORT',
    ].flatMap((name): [string, Question, number, string][] => [
      [`the worker ${name}`, { path: `/workers/${name}`, headers: operator }, 404, 'WORKER_UNKNOWN'],
      [`the ledger of ${name}`, { path: `/workers/${name}/runs`, headers: operator }, 404, 'WORKER_UNKNOWN'],
      [`stopping ${name}`, { ...stop, path: `/workers/${name}/stop`, headers: operator }, 404, 'WORKER_UNKNOWN'],
    ]),
  ];
  for (const [what, question, status, code] of table)
    it(`answers ${what} with ${status} ${code}`, async () => {
      const reply = await ask(stage.port, typeof question === 'function' ? question() : question);
      expect(reply.status).to.equal(status);
      expect(reply.headers['content-type']).to.equal('application/problem+json');
      expect(reply.headers).to.include({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      expect(reply.headers).not.to.have.any.keys('server', 'x-powered-by', 'location', 'access-control-allow-origin');
      expect(reply.text).not.to.match(/node_modules|\.ts:|\.js:|sesame/);
      if (code !== '') expect(reply.json).to.include({ status, code });
    });

  const raw: [what: string, head: string, statuses: number[]][] = [
    ['two hosts', 'GET /status HTTP/1.1\r\nHost: $HOST\r\nHost: evil.example\r\n', [400]],
    ['two hosts at a probe', 'GET /health HTTP/1.1\r\nHost: $HOST\r\nHost: $HOST\r\n', [400]],
    [
      'two tokens',
      'GET /status HTTP/1.1\r\nHost: $HOST\r\nAuthorization: Bearer no\r\nAuthorization: Bearer sesame\r\n',
      [400],
    ],
    ['no host', 'GET /health HTTP/1.1\r\n', [400]],
    ['no host in HTTP/1.0', 'GET /health HTTP/1.0\r\n', [421]],
    ['an absolute path', 'GET http://$HOST/health HTTP/1.1\r\nHost: $HOST\r\n', [404]],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: $HOST\r\n', [404]],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: $HOST\r\n', []],
    ['an upgrade', 'GET /health/live HTTP/1.1\r\nHost: $HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n', [200]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n', [400]],
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n', [400]],
    ['headers of 9 KiB', `GET /health HTTP/1.1\r\nHost: $HOST\r\nX-A: ${'a'.repeat(9000)}\r\n`, [431]],
    [
      'both kinds of length',
      'POST / HTTP/1.1\r\nHost: $HOST\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n',
      [400],
    ],
    ['a length of -1', 'POST / HTTP/1.1\r\nHost: $HOST\r\nContent-Length: -1\r\n', [400]],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: $HOST\r\nExpect: tea\r\n', [417]],
  ];
  for (const [what, head, statuses] of raw)
    it(`answers ${what} with ${statuses.join() || 'nothing'} and closes`, async () => {
      const filled = head.replaceAll('$HOST', `127.0.0.1:${stage.port}`);
      const reply = await askRaw(stage.port, [`${filled}Connection: close\r\n\r\n`]);
      expect(reply.statuses).to.deep.equal(statuses);
    });

  it('acts only on a whole body', async () => {
    const head = `POST /workers/report/stop HTTP/1.1\r\nHost: 127.0.0.1:${stage.port}\r\nAuthorization: Bearer sesame\r\nContent-Type: application/json\r\n`;
    const broken = [`${head}Transfer-Encoding: chunked\r\n\r\n`, 'e\r\n{"force":true}\r\nnonsense\r\n\r\n'];
    expect((await askRaw(stage.port, broken)).statuses).to.deep.equal([400]);
    const trailing = [`${head}Transfer-Encoding: chunked\r\n\r\n`, '2\r\n{}\r\n0\r\nbad trailer\r\n\r\n'];
    expect((await askRaw(stage.port, trailing)).statuses).to.deep.equal([400]);
  });

  function typed(type: string): Record<string, string> {
    return { ...operator, 'Content-Type': type };
  }

  function from(page: Record<string, string>): Question {
    return { ...stop, headers: { ...json, ...page }, body: '{}' };
  }

  function force(action: string): Question {
    return { method: 'POST', path: `/workers/report/${action}`, headers: json, body: '{"force":true}' };
  }

  function chunked(body: string): Question {
    return { ...stop, headers: { ...json, 'Transfer-Encoding': 'chunked' }, body };
  }
});
