import { expect } from 'chai';
import { every, idle, RoutineWorker, type Outcome, type TraceRecord, worker } from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { moduleOf } from '../../support/modules.js';

class Quiet extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(idle());
  }
}

@worker({ name: 'a', trigger: every('1h') })
class WorkerA extends Quiet {}

@worker({ name: 'b', trigger: every('1h') })
class WorkerB extends Quiet {}

const Two = moduleOf('two', (module) => {
  module.worker(WorkerA);
  module.worker(WorkerB);
});

describe('the traces of runs that operators ask for', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';
  let app: TestApplication;

  beforeEach(async () => {
    app = await testApplication(Two)
      .config({ plba: { telemetry: { traces: 'on' } } })
      .start();
  });

  afterEach(() => app.stop());

  const traces = async (query = ''): Promise<readonly TraceRecord[]> =>
    (await app.inject(`GET /traces${query}`)).json as TraceRecord[];

  it('are linked to the request, by its headers, and to nothing where those break a rule', async () => {
    const flawless = { traceparent: `00-${traceId}-${spanId}-01` };
    await app.inject('POST /workers/a/run', { headers: flawless });
    await app.inject('POST /workers/a/run', { headers: { traceparent: `00-${traceId}-0000000000000000-01` } });
    const [second, first] = await traces();
    expect(first?.links).to.deep.equal([{ traceId, spanId }]);
    expect(first?.traceId).not.to.equal(traceId);
    expect(second?.links).to.deep.equal([]);
  });

  it('are shown for all workers, or for one', async () => {
    for (const name of ['a', 'b', 'a']) await app.inject(`POST /workers/${name}/run`);
    expect((await traces()).map(({ worker: name }) => name)).to.deep.equal(['a', 'b', 'a']);
    expect((await traces('?worker=a')).map(({ worker: name }) => name)).to.deep.equal(['a', 'a']);
    expect(await traces('?worker=nobody')).to.deep.equal([]);
    expect((await app.inject('GET /traces?name=a')).status).to.equal(400);
  });
});
