import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { prepareTracing } from '../../src/tracing/open-telemetry.js';
import { spanId, traceContextCases, traceId } from '../support/trace-context-cases.js';
import { type RecordingSdk, registerSdk } from '../unit/tracing/sdk.js';
import { startPropagatingService } from './fixtures/propagating-service.js';

/** One `traceparent` or `tracestate` of a request that has come back. */
type RawHeaders = readonly (readonly [name: string, value: string])[];

describe('a service in the middle of a trace, as W3C Trace Context wants it', () => {
  let sdk: RecordingSdk;
  let service: Awaited<ReturnType<typeof startPropagatingService>>;
  let harness: Server;
  let called: RawHeaders[] = [];
  let url = '';

  before(async () => {
    sdk = registerSdk();
    await prepareTracing();
    service = await startPropagatingService();
    harness = createServer(({ rawHeaders }, response) => {
      const pairs = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : []));
      called.push(pairs.filter(([name]) => /^trace(parent|state)$/i.test(name)));
      response.end();
    });
    await new Promise<void>((resolve) => harness.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(harness.address() as AddressInfo).port}/`;
  });
  after(async () => {
    await service.close();
    harness.closeAllConnections();
    harness.close();
    sdk.unregister();
  });
  beforeEach(() => {
    called = [];
  });

  /** Sends headers exactly as they are, and answers those of the requests that come back. */
  async function send(
    headers: RawHeaders,
    count = 1,
  ): Promise<readonly { traceparent: string; tracestate?: string }[]> {
    const body = JSON.stringify(Array.from({ length: count }, () => ({ url, arguments: [] })));
    await new Promise<void>((resolve, reject) => {
      const sent = request(service.url, {
        method: 'POST',
        headers: ['Host', '127.0.0.1', 'Content-Length', String(body.length), ...headers.flat()],
      });
      sent.on('error', reject).on('response', (response) => {
        response.resume().on('end', resolve);
      });
      sent.end(body);
    });
    expect(called).to.have.length(count);
    return called.map((pairs) => {
      const of = (wanted: string): string[] => pairs.filter(([name]) => name === wanted).map(([, value]) => value);
      const [traceparent = '', ...others] = of('traceparent');
      const [tracestate, ...otherStates] = of('tracestate');
      expect([others, otherStates]).to.deep.equal([[], []]);
      expect(traceparent).to.match(/^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/);
      return { traceparent, ...(tracestate !== undefined && { tracestate }) };
    });
  }

  for (const { what, headers, goesOn, state, flags = 0 } of traceContextCases)
    it(`${goesOn ? 'goes on with' : 'begins anew for'} ${what.slice(0, 90)}`, async () => {
      const [sent] = await send(headers);
      const [, trace, span, flag = ''] = sent?.traceparent.split('-') ?? [];
      expect(trace === traceId).to.equal(goesOn);
      expect(span).not.to.equal(spanId);
      expect(parseInt(flag, 16) & flags).to.equal(flags);
      expect(sent?.tracestate).to.equal(state);
    });

  it('calls several times with a span for each, all in the trace that goes on', async () => {
    const sent = await send([['traceparent', `00-${traceId}-${spanId}-01`]], 3);
    expect(new Set(sent.map(({ traceparent }) => traceparent.slice(3, 35)))).to.deep.equal(new Set([traceId]));
    expect(new Set(sent.map(({ traceparent }) => traceparent.slice(36, 52)))).to.have.property('size', 3);
  });

  for (const headers of [[], [['traceparent', `00-${'0'.repeat(32)}-${spanId}-01`]]] as const)
    it(`calls several times with a span for each, without ${headers.length === 0 ? 'a' : 'a valid'} traceparent`, async () => {
      const sent = await send(headers, 3);
      expect(new Set(sent.map(({ traceparent }) => traceparent.slice(36, 52)))).to.have.property('size', 3);
    });
});
