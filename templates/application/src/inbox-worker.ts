import { inject } from 'inversify';
import { every, idle, RoutineWorker, worked, worker, type Outcome, type RunContext } from 'plba';
import { InboxRoutine } from './inbox-routine';

/** The orchestration: when the routine is called, and what its answer means. */
@worker({ name: 'inbox', trigger: every('5s'), timeout: '1m' })
export class InboxWorker extends RoutineWorker {
  constructor(@inject(InboxRoutine) private readonly routine: InboxRoutine) {
    super();
  }

  protected override async run(context: RunContext): Promise<Outcome> {
    const taken = await this.routine.takeNew(context.signal);
    if (taken === 0) return idle();
    context.log.info({ taken }, 'files have been taken');
    return worked({ items: taken });
  }

  /** A folder that is not there or not ours is somebody else's to mend: to ask again later is right. */
  protected override classify(error: unknown): 'blocked' | 'failed' {
    return (error as NodeJS.ErrnoException).code === undefined ? 'failed' : 'blocked';
  }
}
