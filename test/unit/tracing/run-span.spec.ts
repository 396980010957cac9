import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Outcome } from '../../../src/contracts/outcome.js';
import { prepareTracing, telemetry } from '../../../src/tracing/open-telemetry.js';
import { type RunSpan, startRunSpan } from '../../../src/tracing/run-span.js';
import { withSpan } from '../../../src/tracing/with-span.js';
import { type RecordingSdk, registerSdk } from './sdk.js';

const run = { worker: 'sync', trigger: 'every', attempt: 2, runId: 'r-1' } as const;

function started(of: Parameters<typeof startRunSpan>[0] = run): RunSpan {
  const span = startRunSpan(of);
  if (span === undefined) throw new Error('no SDK is seen');
  return span;
}

describe('the span of a run', () => {
  let sdk: RecordingSdk;
  beforeEach(async () => {
    sdk = registerSdk();
    await prepareTracing();
  });
  afterEach(() => {
    sdk.unregister();
  });

  it('is a root, named after the worker, with what the run is about', () => {
    const span = started({ ...run, scheduledFor: new Date('2026-01-05T00:00:00Z') });
    span.end({ kind: 'worked', items: 3 });
    const recorded = sdk.span('sync run');
    expect(recorded.parentSpanContext).to.equal(undefined);
    expect(recorded.spanContext()).to.include({ traceId: span.traceId, spanId: span.spanId });
    expect(recorded.attributes).to.deep.equal({
      'plba.worker': 'sync',
      'plba.trigger': 'every',
      'plba.attempt': 2,
      'plba.run_id': 'r-1',
      'plba.scheduled_for': '2026-01-05T00:00:00.000Z',
      'plba.outcome': 'worked',
      'plba.items': 3,
    });
    expect(recorded.status.code).to.equal(SpanStatusCode.UNSET);
  });

  it('is linked to whoever asked for the run', () => {
    const asked = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    started({ ...run, links: [asked] }).end({ kind: 'idle' });
    started({ ...run, worker: 'other' }).end({ kind: 'idle' });
    expect(sdk.span('sync run').links.map((link) => link.context)).to.deep.equal([asked]);
    expect(sdk.span('other run').links).to.deep.equal([]);
  });

  it('has no parent, whatever span is active where the run begins', () => {
    const outer = trace.getTracer('other').startSpan('outer');
    context.with(trace.setSpan(context.active(), outer), () => {
      started().end({ kind: 'idle' });
    });
    expect(sdk.span('sync run').parentSpanContext).to.equal(undefined);
    expect(sdk.span('sync run').spanContext().traceId).not.to.equal(outer.spanContext().traceId);
  });

  const outcomes: [outcome: Outcome, attributes: Record<string, unknown>, status: SpanStatusCode][] = [
    [{ kind: 'worked' }, {}, SpanStatusCode.UNSET],
    [{ kind: 'idle' }, {}, SpanStatusCode.UNSET],
    [
      { kind: 'partial', done: 2, rejected: 1, reason: 'bad file' },
      { 'plba.items': 2, 'plba.rejected': 1, 'plba.reason': 'bad file' },
      SpanStatusCode.UNSET,
    ],
    [{ kind: 'blocked', reason: 'ledger down' }, { 'plba.reason': 'ledger down' }, SpanStatusCode.UNSET],
    [{ kind: 'failed', error: new TypeError('no') }, {}, SpanStatusCode.ERROR],
    [{ kind: 'fatal', error: 'thrown text' }, {}, SpanStatusCode.ERROR],
  ];
  for (const [outcome, attributes, status] of outcomes) {
    it(`says how the run ended: ${outcome.kind}`, () => {
      started().end(outcome);
      const recorded = sdk.span('sync run');
      expect(recorded.attributes).to.include({ ...attributes, 'plba.outcome': outcome.kind });
      expect(recorded.status.code).to.equal(status);
    });
  }

  it('carries the error of a failed run, with secrets taken out', () => {
    const scrub = (text: string): string => text.replaceAll('s3cr3t', '******');
    const span = started({ ...run, scrub });
    span.end({ kind: 'failed', error: Object.assign(new TypeError('bad s3cr3t'), { code: 'E1' }) });
    const { events, status } = sdk.span('sync run');
    expect(status.message).to.equal('bad ******');
    expect(events[0]?.attributes).to.include({ 'exception.type': 'E1', 'exception.message': 'bad ******' });
    expect(JSON.stringify(events)).not.to.contain('s3cr3t');
  });

  it('ends once', () => {
    const span = started();
    span.end({ kind: 'idle' });
    span.end({ kind: 'failed', error: new Error('late') });
    expect(sdk.spans()).to.have.length(1);
    expect(sdk.span('sync run').attributes['plba.outcome']).to.equal('idle');
  });

  it('is active while the run works, across await, and not after', async () => {
    const span = started();
    await span.run(async () => {
      await Promise.resolve();
      expect(trace.getActiveSpan()?.spanContext()).to.include({ traceId: span.traceId, spanId: span.spanId });
    });
    expect(trace.getActiveSpan()).to.equal(undefined);
  });

  it('passes its scrubber on to the spans inside', async () => {
    const span = started({ ...run, scrub: (text) => text.replaceAll('s3cr3t', '******') });
    await span.run(() => withSpan('child', () => Promise.reject(new Error('s3cr3t'))).catch(() => undefined));
    expect(sdk.span('child').status.message).to.equal('******');
  });

  it('keeps interleaved runs apart: every child belongs to its own run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 }),
        async (scheduler, steps) => {
          sdk.unregister();
          sdk = registerSdk();
          const runs = steps.map(async (count, index) => {
            const span = started({ ...run, worker: `w${index}` });
            await span.run(async () => {
              for (let step = 0; step < count; step++) {
                await scheduler.schedule(Promise.resolve());
                await withSpan(`w${index} step`, () => scheduler.schedule(Promise.resolve()));
              }
            });
            span.end({ kind: 'worked' });
            return span;
          });

          for (const [index, span] of (await scheduler.waitFor(Promise.all(runs))).entries()) {
            const children = sdk.spans().filter(({ name }) => name === `w${index} step`);
            expect(children).to.have.length(steps[index]!);
            for (const child of children)
              expect(child.parentSpanContext).to.include({ traceId: span.traceId, spanId: span.spanId });
          }
          expect(sdk.spans().filter(({ parentSpanContext }) => parentSpanContext === undefined)).to.have.length(
            steps.length,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is given up, not the run, when a span processor throws', () => {
    const broken = (): never => {
      throw new Error('processor');
    };
    const processor = {
      onStart: broken,
      onEnd: broken,
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    sdk.unregister();
    sdk = registerSdk(processor);
    expect(startRunSpan(run)).to.equal(undefined);
    expect(withSpan('x', () => 7)).to.equal(7);
    processor.onStart = (() => undefined) as typeof broken;
    started().end({ kind: 'idle' });
    expect(withSpan('x', () => 7)).to.equal(7);
  });
});

describe('without an SDK', () => {
  it('a run has no span', () => {
    expect(telemetry()).to.equal(undefined);
    expect(startRunSpan(run)).to.equal(undefined);
  });

  it('an SDK that comes later is seen, and one that goes is not', () => {
    const sdk = registerSdk();
    expect(startRunSpan(run)).not.to.equal(undefined);
    sdk.unregister();
    expect(startRunSpan(run)).to.equal(undefined);
  });
});
