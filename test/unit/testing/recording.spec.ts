import { context, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import { inject, injectable } from 'inversify';
import { every, RoutineWorker, withSpan, worked, worker, type Outcome } from 'plba';
import { RecordingTracer, testApplication, VirtualClock } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf } from '../../support/modules.js';
import { registerSdk } from '../tracing/sdk.js';

@injectable()
class Partner {
  post(): Promise<number> {
    return withSpan('post', { attributes: { 'http.method': 'POST' } }, async () => {
      await Promise.resolve();
      return 3;
    });
  }
}

@worker({ name: 'sync', trigger: every('30s') })
class Sync extends RoutineWorker {
  constructor(@inject(Partner) private readonly partner: Partner) {
    super();
  }
  protected async run(): Promise<Outcome> {
    return worked({ items: await this.partner.post() });
  }
}

const builder = () =>
  testApplication(
    moduleOf('m', (module) => {
      module.bind(Partner).toSelf();
      module.worker(Sync);
    }),
  );

describe('the spans of an application under test', () => {
  it('are there without an SDK: a root for each run, and its children', async () => {
    await using app = await builder().start();
    await app.advance('30s');
    const [run, post] = app.spans();
    expect(run).to.deep.include({ name: 'sync run', status: 'unset', started: new Date('2026-01-05T00:00:30Z') });
    expect(run?.attributes).to.include({ 'plba.worker': 'sync', 'plba.outcome': 'worked', 'plba.items': 3 });
    expect(run).not.to.have.property('parentSpanId');
    expect(post).to.deep.include({
      name: 'post',
      traceId: run?.traceId,
      parentSpanId: run?.spanId,
      attributes: { 'http.method': 'POST' },
      durationMs: 0,
    });
    expect(app.ledger('sync')[0]?.traceId).to.equal(run?.traceId);
  });

  it('say what went wrong', async () => {
    await using app = await builder()
      .rebind(Partner, (binding) => binding.toConstantValue({ post: () => Promise.reject(new TypeError('no route')) }))
      .start();
    await app.advance('30s');
    expect(app.spans()[0]).to.deep.include({ status: 'error', statusMessage: 'no route' });
    expect(app.spans()[0]?.events[0]).to.deep.equal({
      name: 'exception',
      attributes: { 'exception.type': 'TypeError', 'exception.message': 'no route' },
    });
  });

  it('are those of the application alone', async () => {
    await using first = await builder().start();
    await using second = await builder().start();
    await first.advance('1m');
    withSpan('of the test itself', () => undefined);
    expect(first.spans().map(({ name }) => name)).to.deep.equal(['sync run', 'post', 'sync run', 'post']);
    expect(second.spans()).to.deep.equal([]);
  });

  it('go to the SDK when the test has registered one', async () => {
    const sdk = registerSdk();
    try {
      await using app = await builder().start();
      await app.advance('30s');
      expect(sdk.span('sync run').attributes).to.include({ 'plba.outcome': 'worked' });
      expect(await caught(() => app.spans())).to.include({ code: 'TRACER_REGISTERED' });
    } finally {
      sdk.unregister();
    }
  });

  it('are recorded no more once the application has stopped', async () => {
    const app = await builder().start();
    await app.stop();
    expect(trace.getTracer('test').startSpan('later').isRecording()).to.equal(false);
  });
});

describe('RecordingTracer', () => {
  it('keeps the spans of whoever uses OpenTelemetry, with their parents, and the time of its clock', async () => {
    const clock = new VirtualClock({ at: '2026-05-01T12:00:00Z' });
    using recording = await RecordingTracer.register({ clock });
    const tracer = trace.getTracer('test');
    await tracer.startActiveSpan('outer', async (outer) => {
      await clock.advance('2s');
      withSpan('inner', () => undefined);
      outer.updateName('renamed').addEvent('half way').end();
      outer.setAttribute('too', 'late');
    });
    const bound = context.bind(context.active(), () => {
      tracer.startSpan('alone').end();
    });
    bound();
    const [outer, inner, alone] = recording.spans();
    expect(outer).to.deep.include({
      name: 'renamed',
      started: new Date('2026-05-01T12:00:00Z'),
      durationMs: 2_000,
      attributes: {},
      events: [{ name: 'half way', attributes: {} }],
    });
    expect(inner).to.include({ traceId: outer?.traceId, parentSpanId: outer?.spanId });
    expect(alone?.traceId)
      .to.match(/^[0-9a-f]{32}$/)
      .and.not.to.equal(outer?.traceId);
  });

  it('does not get the spans of an application under test', async () => {
    using recording = await RecordingTracer.register();
    await using app = await builder().start();
    await app.advance('30s');
    withSpan('of the test', () => undefined);
    expect(recording.spans().map(({ name }) => name)).to.deep.equal(['of the test']);
    expect(app.spans()).to.have.length(2);
  });

  it('ends with its block, and leaves OpenTelemetry as it was', async () => {
    {
      using recording = await RecordingTracer.register();
      expect(recording.spans()).to.deep.equal([]);
      expect(trace.getTracer('test').startSpan('now').isRecording()).to.equal(true);
    }
    expect(trace.getTracer('test').startSpan('later').isRecording()).to.equal(false);
  });

  it('is refused while an SDK gets the spans', async () => {
    const sdk = registerSdk();
    try {
      expect(await caught(() => RecordingTracer.register())).to.include({ code: 'TRACER_REGISTERED' });
    } finally {
      sdk.unregister();
    }
  });
});

describe('the metrics of an application under test', () => {
  it('are those of the platform and its own, as they are now', async () => {
    await using app = await builder().start();
    await app.advance('1m');
    const runs = app.metrics().find(({ name }) => name === 'plba.run.duration');
    expect(runs?.points[0]).to.deep.include({ count: 2 });
  });
});
