// Shows the four triggers side by side: once, continuously, every and cron. A worker that needs another one waits for it.
// Runs for three seconds, then ends by itself.
import 'reflect-metadata';
import {
  ApplicationModule,
  continuously,
  cron,
  every,
  idle,
  once,
  RoutineWorker,
  runApplication,
  worker,
  type ModuleBuilder,
  type Outcome,
  type RunContext,
} from 'plba';

abstract class ReportingWorker extends RoutineWorker {
  protected override run(context: RunContext): Promise<Outcome> {
    const planned = context.scheduledFor === undefined ? '' : `, planned for ${context.scheduledFor.toISOString()}`;
    context.log.info(`${context.worker} runs: ${context.trigger}${planned}`);
    return Promise.resolve(idle());
  }
}

@worker({ name: 'prepare', trigger: once() })
class Prepare extends ReportingWorker {}

@worker({ name: 'poll', trigger: continuously({ idle: '1s' }), needs: ['prepare'], until: { duration: '3s' } })
class Poll extends ReportingWorker {}

@worker({ name: 'sync', trigger: every('700ms', { jitter: 0.2 }), needs: ['prepare'], until: { duration: '3s' } })
class Sync extends ReportingWorker {}

// Six fields: seconds come first. A nightly import would be cron('0 2 * * *', { timezone: 'Europe/Berlin', missed: 'run-once' }).
@worker({ name: 'report', trigger: cron('*/2 * * * * *'), needs: ['prepare'], until: { duration: '3s' } })
class Report extends ReportingWorker {}

class ScheduleModule extends ApplicationModule {
  readonly name = 'schedule';

  override assemble(module: ModuleBuilder): void {
    module.worker(Prepare);
    module.worker(Poll);
    module.worker(Sync);
    module.worker(Report);
  }
}

void runApplication(ScheduleModule);
