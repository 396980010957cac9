import { expect } from 'chai';
import { PlbaError } from '../../../src/errors.js';
import { groupsOf } from '../../../src/health/group-names.js';

describe('groupsOf', () => {
  it('is ready when nothing is said', () => {
    expect(groupsOf('ledger')).to.deep.equal(['ready']);
  });

  it('may be none', () => {
    expect(groupsOf('ledger', [])).to.deep.equal([]);
  });

  it('counts each group once', () => {
    expect(groupsOf('ledger', ['ready', 'mail', 'ready'])).to.deep.equal(['ready', 'mail']);
  });

  it('refuses live, and says why', () => {
    expect(() => groupsOf('ledger', ['ready', 'live']))
      .to.throw(PlbaError, 'health contributor "ledger"')
      .that.includes({ code: 'HEALTH_GROUP_INVALID' })
      .with.property('hint')
      .that.contains('restarted');
  });

  for (const group of ['', 'a/b', '__proto__', 'constructor', '-x', ' ready', 'x'.repeat(65), 7 as unknown as string]) {
    it(`refuses ${JSON.stringify(group)}: no route could say it`, () => {
      expect(() => groupsOf('ledger', [group]))
        .to.throw(PlbaError)
        .with.property('code', 'NAME_INVALID');
    });
  }
});
