// Shows the in-memory task queue inside a run: prices of 30 parts are asked for, at most 5 at a time. One part is unknown and
// one answer takes too long; the others do not mind. Ends by itself.
import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject, injectable } from 'inversify';
import {
  ApplicationModule,
  InMemoryTaskQueue,
  once,
  partial,
  RoutineWorker,
  runApplication,
  tokens,
  worked,
  worker,
  type Clock,
  type Metrics,
  type ModuleBuilder,
  type Outcome,
  type RunContext,
} from 'plba';

/** Stands for the price service of a partner. */
@injectable()
class PriceService {
  async priceOf(part: number, signal: AbortSignal): Promise<number> {
    await sleep(part === 23 ? 60_000 : 50, undefined, { signal });
    if (part === 7) throw new Error('no such part');
    return part * 1.5;
  }
}

@worker({ name: 'price-parts', trigger: once() })
class PriceParts extends RoutineWorker {
  constructor(
    @inject(PriceService) private readonly service: PriceService,
    @inject(tokens.Clock) private readonly clock: Clock,
    @inject(tokens.Metrics) private readonly metrics: Metrics,
  ) {
    super();
  }

  protected override async run(context: RunContext): Promise<Outcome> {
    const parts = Array.from({ length: 30 }, (_, index) => index + 1);
    const prices = new Map<number, number>();
    const pricing = new InMemoryTaskQueue<number>(
      {
        name: 'pricing',
        concurrency: 5,
        capacity: 10,
        overflow: 'wait',
        timeout: '500ms',
        clock: this.clock,
        metrics: this.metrics,
        onError: (error, part) => {
          context.log.warn({ err: error }, `part ${part} has no price`);
        },
      },
      async (part, { signal }) => {
        prices.set(part, await this.service.priceOf(part, signal));
        context.progress(prices.size, parts.length);
      },
    );
    try {
      // Waits whenever ten parts are in the queue: the run is never further ahead of the partner than that.
      for (const part of parts) await pricing.push(part, { signal: context.signal });
      await pricing.drain();
    } finally {
      await pricing.close({ abort: true });
    }
    context.log.info(`${prices.size} of ${parts.length} parts have a price`);
    if (prices.size === parts.length) return worked({ items: prices.size });
    return partial({ done: prices.size, rejected: parts.length - prices.size, reason: 'parts without a price' });
  }
}

class PricingModule extends ApplicationModule {
  readonly name = 'pricing';

  override assemble(module: ModuleBuilder): void {
    module.bind(PriceService).toSelf().inSingletonScope();
    module.worker(PriceParts);
  }
}

void runApplication(PricingModule);
