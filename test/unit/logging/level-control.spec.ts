import { expect } from 'chai';
import { LevelControl } from '../../../src/logging/level-control.js';
import { createLogging, type LoggingOptions } from '../../../src/logging/logging.js';
import { VirtualClock } from '../../../src/testing/virtual-clock.js';

async function stage(options: Partial<LoggingOptions> = {}) {
  const lines: Record<string, unknown>[] = [];
  const clock = new VirtualClock();
  const write = (line: string): unknown => lines.push(JSON.parse(line) as Record<string, unknown>);
  const now = (): number => clock.now();
  const logging = await createLogging({ application: 'invoices', destination: { write }, now, ...options });
  const control = new LevelControl(logging, clock);
  const said = (): unknown[] => lines.filter(({ name }) => name !== 'plba.logging').map(({ msg }) => msg);
  return { logging, control, clock, lines, said };
}

describe('levels at runtime', () => {
  it('reach a logger, its children, and the loggers below it at once', async () => {
    const { logging, control, said } = await stage();
    const ledger = logging.logger('ledger');
    const child = ledger.child({ a: 1 }).child({ b: 2 });
    const below = logging.logger('ledger.sql').child({ c: 3 });
    control.set('ledger', { level: 'debug', by: 'ann' });
    for (const log of [ledger, child, below]) log.debug('now');
    expect(said()).to.deep.equal(['now', 'now', 'now']);
    expect([child.isLevelEnabled('debug'), below.isLevelEnabled('debug')]).to.deep.equal([true, true]);
    control.set('ledger', { level: 'silent', by: 'ann' });
    for (const log of [ledger, child, below]) log.fatal('not any more');
    expect(said()).to.have.length(3);
  });

  it('reach loggers that are made afterwards', async () => {
    const { logging, control, said } = await stage();
    logging.logger('ledger');
    control.set('ledger', { level: 'trace', by: 'ann' });
    logging.logger('ledger.new').trace('x');
    expect(said()).to.deep.equal(['x']);
  });

  it('leave alone what has a level of its own', async () => {
    const { logging, control, said } = await stage({ levels: { 'ledger.sql': 'error' } });
    const sql = logging.logger('ledger.sql');
    logging.logger('ledger');
    control.set('ledger', { level: 'debug', by: 'ann' });
    sql.warn('x');
    expect(said()).to.deep.equal([]);
  });

  it('reach everybody who has none by the name default', async () => {
    const { logging, control, said } = await stage();
    const log = logging.logger('any');
    control.set('default', { level: 'debug', by: 'ann' });
    log.debug('x');
    expect(said()).to.deep.equal(['x']);
  });

  it('are taken back by themselves, and the last wish counts', async () => {
    const { logging, control, clock } = await stage();
    const log = logging.logger('ledger');
    control.set('ledger', { level: 'trace', by: 'ann', for: '1m' });
    control.set('ledger', { level: 'debug', by: 'bob', for: '10m', reason: 'issue with the bank' });
    await clock.advance('5m');
    expect(log.isLevelEnabled('debug')).to.equal(true);
    expect(control.report().loggers['ledger']).to.deep.equal({
      configured: 'info',
      effective: 'debug',
      override: {
        level: 'debug',
        by: 'bob',
        reason: 'issue with the bank',
        since: new Date('2026-01-05T00:00:00Z'),
        until: new Date('2026-01-05T00:10:00Z'),
      },
    });
    await clock.advance('5m');
    expect(log.isLevelEnabled('debug')).to.equal(false);
    expect(control.report().loggers['ledger']).to.deep.equal({ configured: 'info', effective: 'info' });
    expect(clock.pendingTimers()).to.deep.equal([]);
  });

  it('are taken back by inherit, and by nothing after that', async () => {
    const { logging, control, clock } = await stage();
    logging.logger('ledger');
    control.set('ledger', { level: 'trace', by: 'ann', for: '1m' });
    expect(control.set('ledger', { level: 'inherit', by: 'ann' })).to.deep.equal({
      configured: 'info',
      effective: 'info',
    });
    expect(clock.pendingTimers()).to.deep.equal([]);
  });

  it('stay above what configuration says later', async () => {
    const { logging, control } = await stage();
    const ledger = logging.logger('ledger');
    const other = logging.logger('other');
    control.set('ledger', { level: 'trace', by: 'ann' });
    control.configure({ level: 'warn', levels: { ledger: 'error' } });
    expect([ledger.isLevelEnabled('trace'), other.isLevelEnabled('info')]).to.deep.equal([true, false]);
    expect(control.report().loggers['ledger']).to.include({ configured: 'error', effective: 'trace' });
  });

  it('are written down with who, why and until when, and told to who listens', async () => {
    const { logging, control, clock, lines } = await stage();
    const changes: unknown[] = [];
    control.onChange = (change) => changes.push(change);
    logging.logger('ledger');
    control.set('ledger', { level: 'debug', by: 'ann', for: '1m', reason: 'a look' });
    await clock.advance('1m');
    expect(lines.map(({ msg }) => msg)).to.deep.equal([
      'level of "ledger" is debug until 2026-01-05T00:01:00.000Z, was info: a look',
      'level of "ledger" is info, was debug: 1m are over',
    ]);
    expect(changes).to.deep.equal([
      { type: 'log-level', logger: 'ledger', from: 'info', to: 'debug', by: 'ann', reason: 'a look' },
      { type: 'log-level', logger: 'ledger', from: 'debug', to: 'info', by: 'plba', reason: '1m are over' },
    ]);
  });

  it('leave no timer behind once closed', async () => {
    const { control, clock } = await stage();
    control.set('default', { level: 'debug', by: 'ann', for: '1h' });
    control.close();
    expect(clock.pendingTimers()).to.deep.equal([]);
  });

  it('are refused for a name that there is not, with the names there are, and for what is no level or duration', async () => {
    const { logging, control } = await stage({ levels: { future: 'debug' } });
    logging.logger('ledger.sql');
    control.set('future', { level: 'info', by: 'ann' });
    control.set('ledger', { level: 'info', by: 'ann' });
    expect(() => control.set('legder', { level: 'debug', by: 'ann' }))
      .to.throw('"legder"')
      .and.include({
        code: 'LOGGER_UNKNOWN',
        hint: 'there are: default, future, ledger, ledger.sql, plba, plba.logging',
      });
    expect(() => control.set('ledger', { level: 'loud' as 'debug', by: 'ann' }))
      .to.throw('"loud"')
      .with.property('code', 'LOG_LEVEL_INVALID');
    expect(() => control.set('ledger', { level: 'debug', by: 'ann', for: 'soon' as '1s' }))
      .to.throw()
      .with.property('code', 'DURATION_INVALID');
  });
});
