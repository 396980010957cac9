import 'reflect-metadata';
import { metrics, trace } from '@opentelemetry/api';
import { expect } from 'chai';
import { createServer, type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  type Application,
  ApplicationModule,
  createApplication,
  every,
  idle,
  type ModuleBuilder,
  type Outcome,
  RoutineWorker,
  withSpan,
  worker,
} from 'plba';
import { startTelemetry } from 'plba/telemetry';
import { ConfigurationError } from '../../src/config/violation.js';
import { loadSdk } from '../../src/telemetry/load-sdk.js';
import { caught } from '../support/caught.js';
import { type OtlpReceiver, startReceiver } from '../support/otlp-receiver.js';

let isBroken = false;

@worker({ name: 'intake', trigger: every('1h') })
class Intake extends RoutineWorker {
  protected override async run(): Promise<Outcome> {
    await withSpan('read', () => Promise.resolve());
    withSpan('write', () => {
      if (isBroken) throw new Error('the disk is full');
    });
    metrics.getMeter('business').createCounter('invoices.posted').add(1);
    return idle();
  }
}

class IntakeModule extends ApplicationModule {
  readonly name = 'intake-application';
  override assemble(module: ModuleBuilder): void {
    module.worker(Intake);
  }
}

async function started(
  otlp: Record<string, unknown>,
  env: Record<string, string> = {},
  lines: string[] = [],
): Promise<Application> {
  const application = createApplication(IntakeModule, {
    directory: '/nonexistent',
    env,
    config: { plba: { control: { enabled: false }, telemetry: { otlp } } },
    logDestination: { write: (line) => lines.push(line) },
  });
  await application.start();
  return application;
}

/** What V8 does not show by itself. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

async function run(application: Application, count: number): Promise<string[]> {
  for (let each = 0; each < count; each++) await application.operator.act('intake', 'run', { who: 'test' });
  return (application.operator.runs('intake') ?? []).map(({ traceId }) => traceId);
}

describe('telemetry', function () {
  this.timeout(60_000);
  let receiver: OtlpReceiver | undefined;
  afterEach(() => receiver?.close());

  for (const protocol of ['http/protobuf', 'http/json'] as const) {
    it(`brings every run with its spans, and all metrics, to a collector by ${protocol}`, async () => {
      receiver = await startReceiver();
      const { endpoint } = receiver;
      const resource = { 'deployment.environment.name': 'test' };
      const application = await started({
        endpoint,
        protocol,
        headers: { authorization: 'Bearer of-the-tests' },
        resource,
      });
      const traceIds = await run(application, 20);
      await application.stop();
      const { spans, requests, resources, metrics: received } = receiver;
      const roots = spans.filter(({ name }) => name === 'intake run');
      expect(roots.map(({ traceId }) => traceId)).to.have.members(traceIds);
      expect(roots.every(({ parentSpanId }) => parentSpanId === '')).to.equal(true);
      for (const { traceId, spanId } of roots) {
        const children = spans.filter((span) => span.traceId === traceId && span.parentSpanId === spanId);
        expect(children.map(({ name }) => name)).to.have.members(['read', 'write']);
      }
      expect(spans).to.have.length(60);
      expect([...received]).to.include.members([
        'plba.runs',
        'plba.run.duration',
        'plba.worker.state',
        'invoices.posted',
      ]);
      expect(resources.get('service.name')).to.equal('intake-application');
      expect(resources.get('deployment.environment.name')).to.equal('test');
      const type = protocol === 'http/json' ? 'application/json' : 'application/x-protobuf';
      expect(new Set(requests)).to.deep.equal(
        new Set([`/v1/traces ${type} Bearer of-the-tests`, `/v1/metrics ${type} Bearer of-the-tests`]),
      );
    });
  }

  it('has a protocol for each signal where the environment says so', async () => {
    receiver = await startReceiver();
    const application = await started(
      { endpoint: receiver.endpoint },
      { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/protobuf' },
    );
    await run(application, 1);
    await application.stop();
    const kinds = receiver.requests.map((request) => request.trim());
    expect(new Set(kinds)).to.deep.equal(
      new Set(['/v1/traces application/json', '/v1/metrics application/x-protobuf']),
    );
  });

  it('lets one failed run be followed by its ids: from the log line to the ledger, its trace, and the collector', async () => {
    receiver = await startReceiver();
    const lines: string[] = [];
    const application = await started({ endpoint: receiver.endpoint }, {}, lines);
    isBroken = true;
    await run(application, 1);
    isBroken = false;
    const line = lines
      .map((each) => JSON.parse(each) as { level: string; runId: string; trace_id: string; span_id: string })
      .find(({ level, runId }) => level === 'error' && typeof runId === 'string');
    const kept = application.operator.run('intake', line?.runId ?? '');
    expect(kept).to.deep.include({ id: line?.runId, traceId: line?.trace_id, outcome: 'failed' });
    expect(kept?.error?.message).to.equal('the disk is full');
    await application.stop();
    const root = receiver.spans.find(({ spanId }) => spanId === line?.span_id);
    expect(root).to.include({ name: 'intake run', traceId: line?.trace_id, parentSpanId: '' });
  });

  it('sends nothing after the stop, and leaves nothing registered', async () => {
    receiver = await startReceiver();
    const application = await started({ endpoint: receiver.endpoint, spansEvery: '1ms' });
    await run(application, 1);
    await application.stop();
    const { length } = receiver.requests;
    trace.getTracer('late').startSpan('late').end();
    withSpan('later', () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(receiver.requests).to.have.length(length);
    expect(receiver.spans.map(({ name }) => name)).not.to.include('late');
  });

  it('takes the word of OTEL_ variables above that of the configuration', async () => {
    receiver = await startReceiver();
    const application = await started(
      { endpoint: 'http://127.0.0.1:9', protocol: 'http/json', ratio: 0 },
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/`,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x',
        OTEL_TRACES_SAMPLER: 'always_on',
        OTEL_METRICS_EXPORTER: 'none',
        OTEL_SERVICE_NAME: 'named-by-env',
      },
    );
    await run(application, 1);
    await application.stop();
    expect(receiver.requests).to.deep.equal(['/v1/traces application/x-protobuf Bearer x']);
    expect(receiver.resources.get('service.name')).to.equal('named-by-env');
  });

  const samplings: [what: string, ratio: number, env: Record<string, string>, least: number, most: number][] = [
    ['none of the traces for a ratio of 0', 0, {}, 0, 0],
    ['about half of them for a ratio of 0.5', 0.5, {}, 50, 150],
    ['none where the variable says so', 1, { OTEL_TRACES_SAMPLER: 'always_off' }, 0, 0],
    [
      'the part that the variable says',
      0,
      { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' },
      50,
      150,
    ],
  ];
  for (const [what, ratio, env, least, most] of samplings)
    it(`exports ${what}, each of them whole`, async () => {
      receiver = await startReceiver();
      const application = await started({ endpoint: receiver.endpoint, ratio }, env);
      await run(application, 200);
      await application.stop();
      const traces = new Map<string, number>();
      for (const { traceId } of receiver.spans) traces.set(traceId, (traces.get(traceId) ?? 0) + 1);
      expect(traces.size).to.be.within(least, most);
      expect([...traces.values()].every((spans) => spans === 3)).to.equal(true);
      expect([...receiver.metrics]).to.include('plba.runs');
    });

  it('takes its address from the variable, once configuration says that export is meant', async () => {
    receiver = await startReceiver();
    const application = await started({ ratio: 1 }, { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint });
    await run(application, 1);
    await application.stop();
    expect(receiver.spans.map(({ name }) => name)).to.include('intake run');
  });

  it('is off without an address, and a warning says so', async () => {
    const lines: string[] = [];
    const application = await started({ protocol: 'http/json' }, {}, lines);
    await application.stop();
    expect(lines.filter((line) => line.includes('"warn"')).join()).to.include('set plba.telemetry.otlp.endpoint');
  });

  it('is off where OTEL_SDK_DISABLED says so', async () => {
    receiver = await startReceiver();
    const application = await started({ endpoint: receiver.endpoint }, { OTEL_SDK_DISABLED: 'true' });
    await run(application, 1);
    await application.stop();
    expect(receiver.requests).to.deep.equal([]);
  });

  describe('with a collector that', () => {
    const refused = async (): Promise<OtlpReceiver> => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      const nothing = {
        spans: [],
        metrics: new Set<string>(),
        resources: new Map<string, string>(),
        requests: [],
        bodies: [],
      };
      return { endpoint: `http://127.0.0.1:${port}`, ...nothing, close: () => Promise.resolve() };
    };
    const collectors: Record<string, () => Promise<OtlpReceiver>> = {
      'is down': refused,
      'never answers': () => startReceiver(() => undefined),
      'answers 500': () => startReceiver((response) => void response.writeHead(500).end('no')),
      'answers 503 and asks for patience': () =>
        startReceiver((response) => void response.writeHead(503, { 'Retry-After': '3600' }).end()),
      'answers with a body that never ends': () =>
        startReceiver((response) => {
          response.writeHead(200);
          const timer = setInterval(() => response.write(Buffer.alloc(64 * 1024)), 1);
          response.on('close', () => {
            clearInterval(timer);
          });
        }),
    };
    for (const [what, start] of Object.entries(collectors))
      it(`${what}, runs go on, and the stop takes no second longer`, async () => {
        receiver = await start();
        const application = await started({ endpoint: receiver.endpoint, spansEvery: '5ms', queue: 100 });
        await run(application, 50);
        await new Promise((resolve) => setTimeout(resolve, 20));
        await run(application, 50);
        expect(application.operator.worker('intake')?.health.status).to.equal('ok');
        const beganMs = performance.now();
        const report = await application.stop();
        // The 0.9 s that flushing gets, and what a loaded machine adds.
        expect(performance.now() - beganMs).to.be.lessThan(1_900);
        expect(report.exitCode).to.equal(0);
      });

    it('takes nothing, spans beyond the queue are dropped and not kept', async () => {
      const collectGarbage = garbageCollector();
      receiver = await startReceiver(() => undefined);
      const application = await started({ endpoint: receiver.endpoint, spansEvery: '1ms', queue: 100 });
      const heapAfter = async (count: number): Promise<number> => {
        for (let left = count; left > 0; left -= 100) {
          await run(application, 100);
          await new Promise((resolve) => setImmediate(resolve));
        }
        collectGarbage();
        return process.memoryUsage().heapUsed;
      };
      const before = await heapAfter(2_000);
      const after = await heapAfter(6_000);
      const stopping = application.stop();
      // 18,000 spans of a kilobyte and more each would be far above this.
      expect(after - before).to.be.lessThan(6_000_000);
      await stopping;
    });
  });

  describe('is refused at the start', () => {
    it('when another SDK is registered', async () => {
      receiver = await startReceiver();
      const first = await startTelemetry({ application: 'first', endpoint: receiver.endpoint, env: {} });
      const { endpoint } = receiver;
      expect(await caught(() => started({ endpoint }))).to.include({ code: 'TELEMETRY_CONFLICT' });
      await first.stop();
    });

    it('when the SDK is not installed, and says what to install', async () => {
      const error = await caught(() => loadSdk('no-such-encoding' as 'http', 'http'));
      expect(error).to.include({ code: 'TELEMETRY_SDK_MISSING' });
      expect(error.hint).to.match(/^npm install @opentelemetry\/sdk-trace @opentelemetry\/sdk-metrics /);
    });

    for (const [what, otlp, env, path] of [
      ['its endpoint is no address', { endpoint: 'collector' }, {}, 'plba.telemetry.otlp.endpoint'],
      ['a variable asks for gRPC', { endpoint: 'http://x' }, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }],
      [
        'a variable of one signal asks for gRPC',
        { endpoint: 'http://x' },
        { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' },
      ],
      ['a variable is no address', { endpoint: 'http://x' }, { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'collector' }],
      ['a variable names no sampler', { endpoint: 'http://x' }, { OTEL_TRACES_SAMPLER: 'sometimes' }],
      ['a variable is no number', { endpoint: 'http://x' }, { OTEL_BSP_MAX_QUEUE_SIZE: 'many' }],
      ['headers cannot be read', { endpoint: 'http://x' }, { OTEL_EXPORTER_OTLP_HEADERS: 'nothing' }],
    ] as const)
      it(`when ${what}, by its name in the report of configuration`, async () => {
        const error = await caught(() => started(otlp, { ...env }));
        expect(error).to.be.instanceOf(ConfigurationError);
        const found = (error as ConfigurationError).violations.map(({ path, code: raised }) => [path, raised]);
        expect(found).to.deep.equal([[path ?? Object.keys(env)[0], 'TELEMETRY_INVALID']]);
      });
  });
});
