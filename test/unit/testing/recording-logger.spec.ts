import { expect } from 'chai';
import { RecordingLogger, VirtualClock } from 'plba/testing';
import { createLogging } from '../../../src/logging/logging.js';
import { RecordedLines } from '../../../src/testing/recorded-lines.js';
import type { Logger } from '../../../src/contracts/logger.js';

describe('RecordingLogger', () => {
  it('keeps the lines that the platform would write, field by field', async () => {
    const clock = new VirtualClock();
    const destination = new RecordedLines();
    const logging = await createLogging({ application: 'test', level: 'trace', destination, now: () => clock.now() });
    const recording = new RecordingLogger({ name: 'sync', clock });
    const say = (log: Logger): void => {
      log.info('a message');
      log.warn({ items: 3 }, 'with fields');
      log.error({ err: new TypeError('broken') }, 'with an error');
      log.error(new TypeError('alone'));
      log.error({ err: new Error('without a message') });
      log.child({ runId: 'r-1' }).child({ part: 2 }).debug('from a child');
    };
    say(logging.logger('sync'));
    say(recording);
    const withoutPlaces = (lines: readonly object[]): unknown[] =>
      lines.map((line) => {
        const fields: Record<string, unknown> = { ...line };
        delete fields['application'];
        if ('err' in fields) fields['err'] = { ...(fields['err'] as object), stack: 'somewhere' };
        return fields;
      });
    expect(withoutPlaces(recording.lines)).to.deep.equal(withoutPlaces(destination.lines));
  });

  it('keeps nothing below its level, and says so beforehand', () => {
    const log = new RecordingLogger({ level: 'warn' });
    log.info('too low');
    log.warn('high enough');
    expect(log.lines.map(({ msg }) => msg)).to.deep.equal(['high enough']);
    expect([log.isLevelEnabled('info'), log.isLevelEnabled('error'), log.isLevelEnabled('silent')]).to.deep.equal([
      false,
      true,
      false,
    ]);
  });

  it('can be as silent as it is told', () => {
    const log = new RecordingLogger({ level: 'silent' });
    log.fatal('even so');
    expect(log.lines).to.have.length(0);
  });
});
