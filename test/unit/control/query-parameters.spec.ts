import { expect } from 'chai';
import { readQuery } from '../../../src/control/request/query-parameters.js';
import { Refusal } from '../../../src/control/refusal.js';

const known = { outcome: 'only runs that ended like this', limit: 'at most so many' };

describe('the query of a request', () => {
  it('is ignored where the route takes no parameters', () => {
    expect({ ...readQuery(undefined, '/health?pretty') }).to.deep.equal({});
  });

  it('gives the parameters that the route takes, decoded', () => {
    expect({ ...readQuery(known, '/x?outcome=a%20b+c&limit=') }).to.deep.equal({ outcome: 'a b c', limit: '' });
    expect({ ...readQuery(known, '/x') }).to.deep.equal({});
  });

  for (const query of ['outcom=failed', 'limit=1&limit=2', '__proto__=1', 'constructor=1', '=1'])
    it(`is refused as ${query}, naming what the route takes`, () => {
      expect(() => readQuery(known, `/x?${query}`))
        .to.throw(Refusal)
        .that.deep.includes({ code: 'CONTROL_QUERY_INVALID', hint: 'this route takes outcome, limit' });
    });
});
