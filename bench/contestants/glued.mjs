// What a careful team glues together by hand: inversify for the classes, koa for health, pino, the OpenTelemetry API.
import 'reflect-metadata';
import { trace } from '@opentelemetry/api';
import { Container, injectable } from 'inversify';
import Koa from 'koa';
import { pino } from 'pino';
import { idlePeriodMs, task, tellReady } from './measured.mjs';

const log = pino({ name: 'bench', level: 'info' });
const tracer = trace.getTracer('bench');
const workerId = Symbol('worker');
const contributorId = Symbol('contributor');
const container = new Container({ defaultScope: 'Singleton' });

function workerClass(index) {
  class IdleWorker {
    name = `worker-${index}`;
    status = 'ok';
    log = log.child({ worker: this.name });
    start() {
      this.timer = setInterval(() => void this.run(), idlePeriodMs);
    }
    stop() {
      clearInterval(this.timer);
    }
    run() {
      return tracer.startActiveSpan(`${this.name} run`, async (span) => {
        this.log.debug('nothing to do');
        span.end();
      });
    }
  }
  injectable()(IdleWorker);
  return IdleWorker;
}

function contributorClass(index) {
  class Contributor {
    name = `contributor-${index}`;
    async check() {
      return 'ok';
    }
  }
  injectable()(Contributor);
  return Contributor;
}

for (let index = 0; index < task.workers; index++) container.bind(workerId).to(workerClass(index));
for (let index = 0; index < task.contributors; index++) container.bind(contributorId).to(contributorClass(index));
const workers = task.workers > 0 ? container.getAll(workerId) : [];
const contributors = task.contributors > 0 ? container.getAll(contributorId) : [];

const application = new Koa();
application.use(async (context, next) => {
  if (context.path !== '/health') return next();
  const states = await Promise.all(contributors.map(async (each) => [each.name, { status: await each.check() }]));
  context.set('Cache-Control', 'no-store');
  context.body = {
    status: 'ok',
    workers: Object.fromEntries(workers.map(({ name, status }) => [name, { status }])),
    contributors: Object.fromEntries(states),
  };
});

for (const worker of workers) worker.start();
const server = application.listen(task.port, '127.0.0.1', () => {
  log.info({ workers: workers.length }, 'started');
  tellReady();
});
process.on('SIGTERM', () => {
  for (const worker of workers) worker.stop();
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
