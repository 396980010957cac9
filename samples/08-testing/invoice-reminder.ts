import { inject, injectable } from 'inversify';
import {
  ApplicationModule,
  cron,
  idle,
  RoutineWorker,
  worked,
  worker,
  type ErrorClass,
  type ModuleBuilder,
  type Outcome,
} from 'plba';

/** The mail server did not take a letter. */
export class MailServerAway extends Error {}

/** Sends a letter to everybody who has not paid. In production it talks to a mail server. */
@injectable()
export class Reminders {
  sendDue(): Promise<number> {
    return Promise.reject(new MailServerAway('no mail server here'));
  }
}

@worker({
  name: 'reminder',
  trigger: cron('0 8 * * 1-5', { timezone: 'Europe/Berlin' }),
  retry: { initial: '1m', max: '10m', jitter: 0 },
})
export class ReminderWorker extends RoutineWorker {
  constructor(@inject(Reminders) private readonly reminders: Reminders) {
    super();
  }

  protected override async run(): Promise<Outcome> {
    const sent = await this.reminders.sendDue();
    return sent === 0 ? idle() : worked({ items: sent });
  }

  protected override classify(error: unknown): ErrorClass {
    return error instanceof MailServerAway ? 'blocked' : 'failed';
  }
}

export class ReminderModule extends ApplicationModule {
  readonly name = 'reminder';

  override assemble(module: ModuleBuilder): void {
    module.bind(Reminders).toSelf().inSingletonScope();
    module.worker(ReminderWorker);
  }
}
