import { expect } from 'chai';
import type { LogLevel } from '../../../src/contracts/logger.js';
import { levelOf } from '../../../src/logging/level-of.js';

describe('levelOf', () => {
  const levels: Record<string, LogLevel> = { default: 'warn', ledger: 'debug', 'ledger.sql': 'error' };
  const cases: [name: string, level: LogLevel][] = [
    ['ledger', 'debug'],
    ['ledger.sql', 'error'],
    ['ledger.sql.slow', 'error'],
    ['ledger.pool', 'debug'],
    ['ledger-archive', 'warn'],
    ['other', 'warn'],
    ['', 'warn'],
    ['constructor', 'warn'],
    ['.', 'warn'],
  ];
  for (const [name, level] of cases) {
    it(`gives "${name}" ${level}`, () => {
      expect(levelOf(name, levels, 'info')).to.equal(level);
    });
  }

  it('falls back to the level of the application', () => {
    expect(levelOf('other', { ledger: 'debug' }, 'info')).to.equal('info');
  });
});
