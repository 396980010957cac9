// Shows what a run did, three times: the failed run is followed from its log line to its trace and to the ledger by its ids; the
// same trace arrives at a collector, which this sample brings along; and the numbers that the alert rules of deploy/ look at.
// Ends by itself.
import 'reflect-metadata';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { injectable } from 'inversify';
import {
  ApplicationModule,
  createApplication,
  every,
  RoutineWorker,
  traced,
  withSpan,
  worked,
  worker,
  type Application,
  type ModuleBuilder,
  type Outcome,
  type RunContext,
  type SpanRecord,
} from 'plba';

@injectable()
class Ledger {
  @traced('post to the ledger')
  post(invoice: number): Promise<void> {
    return invoice === 3 ? Promise.reject(new Error('invoice 3 is posted already')) : Promise.resolve();
  }
}

@worker({ name: 'invoice-sync', trigger: every('1h') })
class InvoiceSync extends RoutineWorker {
  private readonly ledger = new Ledger();

  protected override async run(run: RunContext): Promise<Outcome> {
    const invoices = await withSpan('fetch invoices', () => Promise.resolve([1, 2, 3]));
    for (const invoice of invoices) {
      run.progress(invoice, invoices.length, 'invoices');
      await this.ledger.post(invoice);
    }
    return worked({ items: invoices.length });
  }
}

class InvoiceModule extends ApplicationModule {
  readonly name = 'invoices';
  override assemble(module: ModuleBuilder): void {
    module.worker(InvoiceSync);
  }
}

/** Stands for an OpenTelemetry collector: takes OTLP as JSON and says which spans have arrived. */
async function startCollector(): Promise<{ readonly server: Server; readonly endpoint: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const names = [
        ...Buffer.concat(chunks)
          .toString()
          .matchAll(/"spanId":"\w+".*?"name":"([^"]+)"/g),
      ];
      for (const [, name] of names) if (request.url === '/v1/traces') console.log(`collector: ${name ?? ''}`);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function print(span: SpanRecord, indent = '  '): void {
  const error = span.error === undefined ? '' : `: ${span.error}`;
  console.log(`${indent}${span.name} (${(span.durationMs ?? 0).toFixed(1)} ms)${error}`);
  for (const child of span.children) print(child, `${indent}  `);
}

/** What an operator does at three in the morning: from the log line to the run, and from the run to its trace. */
function follow({ operator }: Application, runId: string): void {
  const run = operator.run('invoice-sync', runId);
  const trace = operator.trace(run?.traceId ?? '');
  console.log(`ledger: run ${run?.outcome ?? ''}, ${run?.error?.message ?? ''}`);
  console.log(`trace: ${trace?.runId === runId ? 'of the same run' : 'of another run'}`);
  if (trace !== undefined) print(trace.root);
}

async function main(): Promise<void> {
  const { server, endpoint } = await startCollector();
  const failures: string[] = [];
  const application = createApplication(InvoiceModule, {
    config: { plba: { control: { port: 0 }, telemetry: { otlp: { endpoint, protocol: 'http/json' } } } },
    logDestination: {
      write: (text) => {
        const line = JSON.parse(text) as { level: string; msg: string; runId?: string };
        if (line.level !== 'error' || line.runId === undefined) return;
        console.log(`log: ${line.msg}`);
        failures.push(line.runId);
      },
    },
  });
  await application.start();
  await application.operator.act('invoice-sync', 'run', { who: 'the sample' });
  follow(application, failures[0] ?? '');

  const { host, port } = application.controlAddress ?? { host: '', port: 0 };
  const metrics = await (await fetch(`http://${host}:${port}/metrics`)).text();
  for (const line of metrics.split('\n'))
    if (line.startsWith('plba_runs_total') && line.endsWith(' 1')) console.log(line);

  await application.stop();
  server.close();
}

void main();
