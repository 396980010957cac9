// Shows orchestration and business apart: the routine in routine.ts knows nothing of PLBA, the worker here knows nothing of
// the business but what its errors mean.
import 'reflect-metadata';
import { inject } from 'inversify';
import {
  ApplicationModule,
  continuously,
  idle,
  partial,
  RoutineWorker,
  runApplication,
  worked,
  worker,
  type ErrorClass,
  type ModuleBuilder,
  type Outcome,
  type RunContext,
} from 'plba';
import { PartnerIsClosed, PriceListRoutine } from './routine.js';

@worker({
  name: 'price-list',
  trigger: continuously({ idle: '300ms' }),
  retry: { initial: '500ms' },
  until: { idleRuns: 2 },
})
class PriceListWorker extends RoutineWorker {
  constructor(@inject(PriceListRoutine) private readonly routine: PriceListRoutine) {
    super();
  }

  protected override async run(context: RunContext): Promise<Outcome> {
    const { imported, unreadable } = await this.routine.importNextPage(context.signal);
    if (unreadable > 0) return partial({ done: imported, rejected: unreadable, reason: 'lines without a price' });
    return imported === 0 ? idle() : worked({ items: imported });
  }

  protected override classify(error: unknown): ErrorClass {
    return error instanceof PartnerIsClosed ? 'blocked' : 'failed';
  }
}

class PriceListModule extends ApplicationModule {
  readonly name = 'price-list';

  override assemble(module: ModuleBuilder): void {
    module.bind(PriceListRoutine).toSelf().inSingletonScope();
    module.worker(PriceListWorker);
  }
}

void runApplication(PriceListModule);
