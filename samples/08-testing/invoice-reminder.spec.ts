import 'reflect-metadata';
import { expect } from 'chai';
import { testApplication, type TestApplication } from 'plba/testing';
import { MailServerAway, ReminderModule, Reminders } from './invoice-reminder.js';

describe('the reminder worker', () => {
  let app: TestApplication;
  let sendDue: () => Promise<number>;

  beforeEach(async () => {
    sendDue = () => Promise.resolve(3);
    app = await testApplication(ReminderModule)
      .rebind(Reminders, (binding) => binding.toConstantValue({ sendDue: () => sendDue() }))
      .at('2026-01-09T12:00:00+01:00') // a Friday, after that day's run
      .start();
  });

  afterEach(() => app.stop());

  it('does not write on a weekend', async () => {
    await app.advance('48h');
    expect(app.ledger('reminder')).to.have.length(0);
  });

  it('writes on Monday at eight in Berlin', async () => {
    await app.advance('72h');
    expect(app.ledger('reminder')[0]).to.deep.include({
      outcome: 'worked',
      items: 3,
      scheduledFor: new Date('2026-01-12T08:00:00+01:00'),
    });
  });

  it('tries again with backoff while the mail server is away, and is degraded meanwhile', async () => {
    sendDue = () => Promise.reject(new MailServerAway('connection refused'));
    await app.until('reminder', 'degraded', '96h');
    expect((await app.health()).workers['reminder']?.reason).to.match(
      /2 runs blocked or failed in a row: connection refused$/,
    );

    sendDue = () => Promise.resolve(3);
    await app.advance('2m');
    expect(app.ledger('reminder').map(({ outcome, attempt }) => [outcome, attempt])).to.deep.equal([
      ['worked', 3],
      ['blocked', 2],
      ['blocked', 1],
    ]);
    expect((await app.health()).status).to.equal('ok');
  });
});
