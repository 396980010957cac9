import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ask, askRaw, type RawReply } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

/** A message as bytes, and whether a strict reader of HTTP understands it. */
interface RawCase {
  readonly id: string;
  readonly expect: 'parse' | 'reject';
  readonly strictNodeMode: boolean;
  readonly b64: string;
}

const table = '../shared/data/cases/http-raw-requests.json';
const limits = {
  headersTimeoutMs: 300,
  requestTimeoutMs: 400,
  idleTimeoutMs: 400,
  keepAliveTimeoutMs: 200,
  checkEveryMs: 20,
};

const own: RawCase[] = [
  [
    'two lengths',
    'reject',
    'POST /workers/report/stop HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
  ],
  ['a bare line feed', 'reject', 'GET /status HTTP/1.1\nHost: a\n\n'],
  ['a space before the colon', 'reject', 'GET /status HTTP/1.1\r\nHost : a\r\n\r\n'],
  [
    'a smuggled request',
    'reject',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /status',
  ],
  ['a plain request', 'parse', 'GET /status HTTP/1.1\r\nHost: a\r\n\r\n'],
].map(([id = '', expected, text = '']) => ({
  id,
  expect: expected as RawCase['expect'],
  strictNodeMode: true,
  b64: Buffer.from(text, 'latin1').toString('base64'),
}));

const cases = existsSync(table)
  ? [...own, ...(JSON.parse(readFileSync(table, 'utf8')) as { cases: RawCase[] }).cases]
  : own;

// On all addresses, because on loopback the foreign hosts in these messages would be turned away before anything else.
describe('raw messages to the control plane', function () {
  this.timeout(30_000);
  let stage: ControlStage;

  before(async () => {
    stage = await startControl({ host: '0.0.0.0', token: 'sesame', limits });
    // So that no case has to wait for the routes to be loaded.
    await ask(stage.port, { path: '/status' });
  });

  after(() => stage.plane.stop());

  const ways: [way: string, pieces: (bytes: Buffer) => Buffer[]][] = [
    ['whole', (bytes) => [bytes]],
    ['one byte at a time', (bytes) => Array.from(bytes, (byte) => Buffer.of(byte))],
  ];
  for (const [way, pieces] of ways)
    describe(way, () => {
      const replies = new Map<RawCase, RawReply>();

      before(async () => {
        await Promise.all(
          cases.map(async (entry) => {
            replies.set(entry, await askRaw(stage.port, pieces(Buffer.from(entry.b64, 'base64'))));
          }),
        );
      });

      it('ends every connection', () => {
        expect(replies.size).to.equal(cases.length);
      });

      it('refuses or closes where a strict reader understands nothing, and where only a lenient one would', () => {
        const accepted = [...replies].filter(
          ([entry, { statuses }]) =>
            (entry.expect === 'reject' || !entry.strictNodeMode) && (statuses.at(-1) ?? 400) < 400,
        );
        expect(accepted.map(([entry]) => entry.id)).to.deep.equal([]);
      });

      it('never lets a message without a token see or change anything', () => {
        for (const [entry, { statuses, text }] of replies) {
          expect(text, entry.id).not.to.contain('invoice-sync');
          // What is open to everybody is the console and the words of health; no message asks for those.
          expect(
            statuses.filter((status) => status < 400),
            `${entry.id}: ${text}`,
          ).to.deep.equal([]);
        }
        const { orders, levelChanges, reloads, shutdowns } = stage.view;
        expect([...orders, ...levelChanges, ...reloads, ...shutdowns]).to.deep.equal([]);
      });

      it('never fails by itself, and still answers', async () => {
        for (const [entry, { statuses }] of replies)
          expect(
            statuses.filter((status) => status >= 500),
            entry.id,
          ).to.deep.equal([]);
        expect(stage.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
        expect((await ask(stage.port, { path: '/status', headers: bearer('sesame') })).status).to.equal(200);
      });
    });
});
