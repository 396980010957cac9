import { expect } from 'chai';
import { type Authority, Authenticator, isEnough } from '../../../src/control/authority.js';
import { Refusal } from '../../../src/control/refusal.js';

describe('authority', () => {
  it('includes every lesser one', () => {
    const words: Authority[] = ['probe', 'read', 'operate'];
    for (const [held, heldWord] of words.entries())
      for (const [needed, neededWord] of words.entries())
        expect(isEnough(heldWord, neededWord), `${heldWord} for ${neededWord}`).to.equal(held >= needed);
  });

  it('is never enough for a route that does not say what it needs, nor for an unknown word', () => {
    for (const odd of [undefined, '', 'admin', 'constructor', '__proto__'] as unknown as Authority[]) {
      expect(isEnough('operate', odd), odd).to.be.false;
      expect(isEnough(odd, 'probe'), odd).to.be.false;
    }
  });
});

describe('Authenticator with a token', () => {
  const authenticator = new Authenticator({ token: 'sesame' });

  const cases: [header: string | undefined, authority: Authority, credentials: string][] = [
    ['Bearer sesame', 'operate', 'token'],
    ['bearer   sesame', 'operate', 'token'],
    [undefined, 'probe', 'none'],
    ['', 'probe', 'wrong'],
    ['Bearer', 'probe', 'wrong'],
    ['Bearer ', 'probe', 'wrong'],
    ['Bearer sesam', 'probe', 'wrong'],
    ['Bearer sesamee', 'probe', 'wrong'],
    ['Bearer SESAME', 'probe', 'wrong'],
    ['Bearer sesame sesame', 'probe', 'wrong'],
    ['Basic c2VzYW1l', 'probe', 'wrong'],
    ['Basic sesame', 'probe', 'wrong'],
    ['sesame', 'probe', 'wrong'],
  ];
  for (const [header, authority, credentials] of cases) {
    it(`takes ${header === undefined ? 'no header' : JSON.stringify(header)} for ${credentials}`, () => {
      expect(authenticator.identify(header, '127.0.0.1')).to.include({ authority, credentials });
      expect(authenticator.mayRead(header)).to.equal(authority === 'operate');
    });
  }

  it('names callers by what they showed and where they are', () => {
    expect(authenticator.identify('Bearer sesame', '10.0.0.7').who).to.equal('operator@10.0.0.7');
    expect(authenticator.identify('Bearer wrong', '10.0.0.7').who).to.equal('anonymous@10.0.0.7');
    expect(authenticator.identify(undefined, undefined).who).to.equal('anonymous@unknown');
  });

  it('compares the bytes that were sent, whatever their encoding', () => {
    const sent = Buffer.from('Bearer schlüssel', 'utf8').toString('latin1');
    expect(new Authenticator({ token: 'schlüssel' }).identify(sent, undefined).credentials).to.equal('token');
  });

  it('challenges who shows nothing, and says so to who shows something wrong', () => {
    const none = refusalOf(() => {
      authenticator.require(authenticator.identify(undefined, undefined), 'read');
    });
    expect(none.code).to.equal('CONTROL_UNAUTHORIZED');
    expect(none.headers['WWW-Authenticate']).to.equal('Bearer realm="plba"');
    const wrong = refusalOf(() => {
      authenticator.require(authenticator.identify('Bearer no', undefined), 'operate');
    });
    expect(wrong.code).to.equal('CONTROL_UNAUTHORIZED');
    expect(wrong.headers['WWW-Authenticate']).to.contain('error="invalid_token"');
  });
});

describe('Authenticator without a token', () => {
  for (const token of [undefined, '']) {
    const authenticator = new Authenticator({ token });

    it(`lets everybody read and nobody operate when the token is ${token === '' ? 'empty' : 'missing'}`, () => {
      for (const header of [undefined, 'Bearer ', 'Bearer sesame', 'Bearer undefined']) {
        const caller = authenticator.identify(header, undefined);
        expect(caller.authority, header).to.equal('read');
        const refusal = refusalOf(() => {
          authenticator.require(caller, 'operate');
        });
        expect(refusal.code).to.equal('CONTROL_FORBIDDEN');
        expect(refusal.hint).to.contain('plba.control.token').and.contain('PLBA__CONTROL__TOKEN');
      }
    });
  }
});

function refusalOf(refused: () => void): Refusal {
  try {
    refused();
  } catch (error) {
    expect(error).to.be.instanceOf(Refusal);
    return error as Refusal;
  }
  throw new Error('nothing was refused');
}
