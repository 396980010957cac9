import { expect } from 'chai';
import { every, RoutineWorker, worked, worker, type Outcome, type RunContext } from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

@worker({ name: 'sync', trigger: every('1h') })
class Sync extends RoutineWorker {
  protected override async run(run: RunContext): Promise<Outcome> {
    await run.sleep('10m');
    return worked({ items: 3 });
  }
}

const builder = () =>
  testApplication(
    moduleOf('m', (module) => {
      module.worker(Sync);
    }),
  );

describe('the control routes, asked without a socket', () => {
  let app: TestApplication;
  beforeEach(async () => {
    app = await builder().start();
  });
  afterEach(() => app.stop());

  it('answer what they answer to an operator', async () => {
    const { status, headers, json } = await app.inject('/workers/sync');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.equal('application/json');
    expect(json).to.include({ name: 'sync', state: 'running' });
  });

  it('do what they do, and time passes as far as the answer waits for it', async () => {
    const { status, json } = await app.inject('POST /workers/sync/run');
    expect(status).to.equal(200);
    expect(json).to.include({ runs: 1 });
    expect(app.clock.monotonic()).to.equal(600_000);
  });

  it('take a body', async () => {
    const { status } = await app.inject('POST /workers/sync/stop', { body: { force: true, reason: 'maintenance' } });
    expect(status).to.equal(200);
    expect(app.worker('sync').state).to.equal('stopped');
  });

  it('answer a probe, and let no time pass for it', async () => {
    expect((await app.inject('GET /health/ready')).json).to.include({ status: 'ok' });
    expect(app.clock.monotonic()).to.equal(0);
  });

  it('refuse what they refuse', async () => {
    const unknown = await app.inject('GET /nowhere');
    expect(unknown.status).to.equal(404);
    expect(unknown.json).to.include({ code: 'CONTROL_ROUTE_UNKNOWN' });
    expect((await app.inject('POST /workers/sync/run', { body: { force: 'yes' } })).status).to.equal(400);
  });

  it('ask a caller for the token that the application is configured with', async () => {
    await using guarded = await builder()
      .config({ plba: { control: { token: 'open-sesame-open-sesame-open' } } })
      .start();
    expect((await guarded.inject('/workers', { as: 'caller' })).status).to.equal(401);
    const headers = { Authorization: 'Bearer open-sesame-open-sesame-open' };
    expect((await guarded.inject('/workers', { as: 'caller', headers })).status).to.equal(200);
  });

  it('do not listen for it', async () => {
    await app.inject('/status');
    expect(app.leaks()).to.deep.equal([]);
  });
});
