import { expect } from 'chai';
import { ask, askRaw } from '../fakes/control-client.js';
import { type ControlStage, startControl } from '../fakes/control-stage.js';
import { abuse, atPort, rightToken } from '../support/abuse-cases.js';

describe('abuse of the control plane', () => {
  let stage: ControlStage;
  let earlier: string;

  before(async () => {
    stage = await startControl({ token: rightToken, limits: { wrongTokenDelayMs: 0 } });
  });

  after(() => stage.plane.stop());

  beforeEach(() => {
    earlier = everything();
  });

  afterEach(() => {
    expect(everything(), 'the state of the runtime').to.equal(earlier);
    expect(stage.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });

  for (const [subject, cases] of Object.entries(abuse))
    describe(subject, () => {
      for (const { what, question, status, code } of cases)
        it(`answers ${what} with ${status} ${code ?? ''}`, async () => {
          const reply = await ask(stage.port, atPort(question, stage.port));
          expect(reply.status, reply.text).to.equal(status);
          expect(reply.headers['content-type']).to.equal('application/problem+json');
          expect(reply.headers).to.include({
            'cache-control': 'no-store',
            'x-content-type-options': 'nosniff',
            'cross-origin-resource-policy': 'same-origin',
            'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
            'referrer-policy': 'no-referrer',
          });
          expect(reply.headers).not.to.have.any.keys(
            'server',
            'x-powered-by',
            'location',
            'access-control-allow-origin',
          );
          expect(reply.text).not.to.match(/node_modules|\.ts:|\.js:|sesame/);
          expect(reply.text.length).to.be.below(1_000);
          if (code !== undefined) expect(reply.json).to.include({ status, code });
        });
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
    ['an empty host', 'GET /health HTTP/1.1\r\nHost: \r\n', [421]],
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

  /** All that a request could change, and what reached the runtime. */
  function everything(): string {
    const { view } = stage;
    return JSON.stringify([
      ...[view.status(), view.workers(), view.logging(), view.configuration(), view.health()],
      ...[view.orders, view.levelChanges, view.reloads, view.shutdowns],
    ]);
  }
});
