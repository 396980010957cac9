// Shows a worker written by hand: it implements `Worker`, extends nothing, decides itself when to run, and still has runs, a
// ledger, health and the stop ladder. It ends after three messages.
import 'reflect-metadata';
import { EventEmitter, once as onceEmitted } from 'node:events';
import { inject, injectable } from 'inversify';
import {
  ApplicationModule,
  runApplication,
  worked,
  worker,
  type Health,
  type ModuleBuilder,
  type Worker,
  type WorkerContext,
  type WorkerStatus,
} from 'plba';

/** Stands for a broker that pushes messages. */
@injectable()
class Broker extends EventEmitter {
  private timer: NodeJS.Timeout | undefined;

  connect(): void {
    let sent = 0;
    this.timer = setInterval(() => {
      this.emit('message', `order ${++sent}`);
      if (sent === 3) this.close();
    }, 200);
  }

  close(): void {
    clearInterval(this.timer);
    this.emit('closed');
  }
}

@worker({ name: 'subscriber', timeout: '5s' })
class Subscriber implements Worker {
  private context: WorkerContext | undefined;
  private runs: Promise<unknown> = Promise.resolve();
  private readonly onMessage = (message: string): void => {
    // One run after the other: the platform refuses two at once.
    this.runs = this.runs.then(() =>
      this.context?.run((run) => {
        run.log.info(`received ${message}`);
        return worked({ items: 1 });
      }),
    );
  };

  constructor(@inject(Broker) private readonly broker: Broker) {}

  start(context: WorkerContext): void {
    this.context = context;
    this.broker.on('message', this.onMessage);
    context.watch(this.untilClosed(context));
    this.broker.connect();
  }

  stop(): void {
    this.broker.off('message', this.onMessage);
    this.broker.close();
  }

  /** If this broke, or came back without saying that all is done, the platform would start the worker again. A stop waits for it. */
  private async untilClosed(context: WorkerContext): Promise<void> {
    await onceEmitted(this.broker, 'closed', { signal: context.signal });
    await this.runs;
    context.complete();
  }

  health(): Health {
    return this.context?.runHealth() ?? { status: 'ok' };
  }

  status(): WorkerStatus {
    return { state: 'running', details: { listeners: this.broker.listenerCount('message') } };
  }
}

class SubscriberModule extends ApplicationModule {
  readonly name = 'subscriber';

  override assemble(module: ModuleBuilder): void {
    module.bind(Broker).toSelf().inSingletonScope();
    module.worker(Subscriber);
  }
}

void runApplication(SubscriberModule);
