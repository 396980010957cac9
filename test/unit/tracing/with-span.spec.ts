import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect } from 'chai';
import { prepareTracing } from '../../../src/tracing/open-telemetry.js';
import { withSpan } from '../../../src/tracing/with-span.js';
import { type RecordingSdk, registerSdk } from './sdk.js';

describe('withSpan', () => {
  let sdk: RecordingSdk;
  beforeEach(async () => {
    sdk = registerSdk();
    await prepareTracing();
  });
  afterEach(() => {
    sdk.unregister();
  });

  it('answers what the work answers, and ends the span', () => {
    expect(withSpan('read', () => 7)).to.equal(7);
    expect(sdk.span('read').ended).to.equal(true);
  });

  it('ends the span of work that answers later when it has', async () => {
    let finish = (): void => undefined;
    const done = withSpan(
      'read',
      () =>
        new Promise<string>(
          (resolve) =>
            (finish = () => {
              resolve('text');
            }),
        ),
    );
    await Promise.resolve();
    expect(sdk.spans()).to.have.length(0);
    finish();
    expect(await done).to.equal('text');
    expect(sdk.spans()).to.have.length(1);
  });

  it('throws what the work throws, the same object, and records it', () => {
    const error = new TypeError('no');
    let caught: unknown;
    try {
      withSpan('read', () => {
        throw error;
      });
    } catch (thrown) {
      caught = thrown;
    }
    expect(caught).to.equal(error);
    const { status, events } = sdk.span('read');
    expect(status).to.deep.equal({ code: SpanStatusCode.ERROR, message: 'no' });
    expect(events.map(({ name }) => name)).to.deep.equal(['exception']);
  });

  it('rejects with what the work rejects with, and records it', async () => {
    const error = new Error('later');
    let caught: unknown;
    await withSpan('read', () => Promise.reject(error)).catch((thrown: unknown) => (caught = thrown));
    expect(caught).to.equal(error);
    expect(sdk.span('read').status.code).to.equal(SpanStatusCode.ERROR);
  });

  it('makes children of children', async () => {
    await withSpan('outer', async () => {
      await Promise.resolve();
      await withSpan('inner', async () => {
        await Promise.resolve();
      });
    });
    expect(sdk.span('inner').parentSpanContext?.spanId).to.equal(sdk.span('outer').spanContext().spanId);
  });

  it('takes the options of a span, and gives the span to the work', () => {
    withSpan('read', { kind: SpanKind.CLIENT, attributes: { a: 1 } }, (span) => span.setAttribute('b', 2));
    expect(sdk.span('read').kind).to.equal(SpanKind.CLIENT);
    expect(sdk.span('read').attributes).to.deep.equal({ a: 1, b: 2 });
  });

  it('starts a lazy promise inside of the span', async () => {
    const lazy = {
      then: (resolve: (value: number) => unknown) => {
        withSpan('query', () => undefined);
        return Promise.resolve(1).then(resolve);
      },
    };
    expect(await withSpan('read', () => lazy)).to.equal(1);
    expect(sdk.span('query').parentSpanContext?.spanId).to.equal(sdk.span('read').spanContext().spanId);
  });

  it('without an SDK just does the work, with a span that records nothing', () => {
    sdk.unregister();
    const seen = withSpan('read', { attributes: { a: 1 } }, (span) => {
      span.setAttribute('b', 2).addEvent('x').end();
      return span.isRecording();
    });
    expect(seen).to.equal(false);
    expect(sdk.spans()).to.have.length(0);
  });
});
