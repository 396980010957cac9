import { expect } from 'chai';
import { testApplication } from 'plba/testing';
import { InboxRoutine } from '../src/inbox-routine';
import { RootModule } from '../src/root-module';

/** The application with a stand-in for its business. */
function applicationWith(takeNew: () => Promise<number>) {
  return testApplication(RootModule)
    .rebind(InboxRoutine, (binding) => binding.toConstantValue({ takeNew }))
    .start();
}

describe('the inbox worker', () => {
  it('counts what was taken, and is idle when nothing has come', async () => {
    const arrived = [3, 0];
    const application = await applicationWith(() => Promise.resolve(arrived.shift() ?? 0));
    expect(await application.step('inbox')).to.include({ outcome: 'worked', items: 3 });
    expect(await application.step('inbox')).to.include({ outcome: 'idle' });
    await application.stop();
  });

  it('looks every five seconds', async () => {
    const application = await applicationWith(() => Promise.resolve(1));
    await application.advance('1m');
    expect(application.ledger('inbox')).to.have.length(12);
    await application.stop();
  });

  it('is degraded while its folder cannot be read, and recovers', async () => {
    let isThere = false;
    const gone = Object.assign(new Error('no such folder'), { code: 'ENOENT' });
    const application = await applicationWith(() => (isThere ? Promise.resolve(1) : Promise.reject(gone)));
    await application.until('inbox', 'degraded');
    isThere = true;
    await application.until('inbox', 'ok');
    await application.stop();
  });
});
