// The same tests for any runner: they take describe() and it() from whoever runs them, and use Node's own assert.
import 'reflect-metadata';
import assert from 'node:assert/strict';
import { testApplication, type DefineTest, type DescribeTests } from 'plba/testing';
import { MailServerAway, ReminderModule, Reminders } from '../invoice-reminder.js';

/** Tests the reminder worker with the runner that is handed in. */
export function describeReminder({ describe, it }: { describe: DescribeTests; it: DefineTest }): void {
  describe('the reminder worker, in any runner,', () => {
    it('writes on Monday at eight in Berlin', async () => {
      await using app = await testApplication(ReminderModule)
        .rebind(Reminders, (binding) => binding.toConstantValue(remindersThat(() => Promise.resolve(3))))
        .at('2026-01-09T12:00:00+01:00') // a Friday, after that day's run
        .start();
      await app.advance('72h');
      const [run] = app.ledger('reminder');
      assert.equal(run?.outcome, 'worked');
      assert.deepEqual(run.scheduledFor, new Date('2026-01-12T08:00:00+01:00'));
    });

    it('is degraded while the mail server is away', async () => {
      await using app = await testApplication(ReminderModule)
        .rebind(Reminders, (binding) =>
          binding.toConstantValue(remindersThat(() => Promise.reject(new MailServerAway('refused')))),
        )
        .start();
      await app.until('reminder', 'degraded', '24h');
      assert.equal(app.ledger('reminder')[0]?.reason, 'refused');
    });
  });
}

/** Reminders that are not sent: `sendDue` is done in the place of it. */
function remindersThat(sendDue: () => Promise<number>): Reminders {
  return Object.assign(new Reminders(), { sendDue });
}
