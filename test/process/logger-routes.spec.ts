import { expect } from 'chai';
import { PlbaError } from '../../src/errors.js';
import { ask } from '../fakes/control-client.js';
import { bearer, type ControlStage, startControl } from '../fakes/control-stage.js';

describe('the routes of loggers', () => {
  let stage: ControlStage;
  const headers = { ...bearer('sesame'), 'Content-Type': 'application/json' };
  const put = (body: string, path = '/loggers/ledger.sql') => ask(stage.port, { method: 'PUT', path, headers, body });

  beforeEach(async () => {
    stage = await startControl({ token: 'sesame' });
  });

  afterEach(() => stage.plane.stop());

  it('show levels and lines to who may read', async () => {
    expect((await ask(stage.port, { path: '/loggers' })).status).to.equal(401);
    const { json } = await ask(stage.port, { path: '/loggers', headers: bearer('sesame') });
    expect(json).to.deep.equal({
      loggers: { default: { configured: 'info', effective: 'info' } },
      lines: { written: 7, waiting: 0, dropped: 1 },
    });
  });

  it('set a level for a while, with the reason and who asked', async () => {
    const { status, json } = await put('{"level":"debug","for":"10m","reason":"a look"}');
    expect(status).to.equal(200);
    expect(json).to.deep.equal({ configured: 'info', effective: 'debug' });
    const [change] = stage.view.levelChanges;
    expect(change).to.include({ logger: 'ledger.sql', level: 'debug', for: '10m', reason: 'a look' });
    expect(change?.by).to.match(/^operator@/);
  });

  it('set no level for who has no token, nor without one, nor with a field too many', async () => {
    expect((await ask(stage.port, { method: 'PUT', path: '/loggers/x', body: '{"level":"debug"}' })).status).to.equal(
      401,
    );
    for (const body of ['{}', '{"level":7}', '{"level":"debug","forever":"yes"}', '']) {
      const { status, json } = await put(body);
      expect(status, body).to.equal(400);
      expect(json['code']).to.equal('CONTROL_BODY_INVALID');
    }
    expect(stage.view.levelChanges).to.deep.equal([]);
  });

  for (const [code, status] of [
    ['LOGGER_UNKNOWN', 404],
    ['LOG_LEVEL_INVALID', 400],
    ['DURATION_INVALID', 400],
  ] as const)
    it(`answer ${code} with ${status}`, async () => {
      stage.view.onLevel = () => {
        throw new PlbaError(code, 'no');
      };
      const answer = await put('{"level":"debug"}');
      expect([answer.status, answer.json['code']]).to.deep.equal([status, code]);
    });
});
