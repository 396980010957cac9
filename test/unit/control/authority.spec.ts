import crypto from 'node:crypto';
import { expect } from 'chai';
import { type Authority, Authenticator, isEnough } from '../../../src/control/door/authority.js';
import { Refusal } from '../../../src/control/refusal.js';

describe('authority', () => {
  it('includes every lesser one', () => {
    const words: Authority[] = ['open', 'probe', 'read', 'operate'];
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
      expect(authenticator.identify({ authorization: header, address: '127.0.0.1' })).to.include({
        authority,
        credentials,
      });
    });
  }

  it('names callers by what they showed and where they are', () => {
    expect(authenticator.identify({ authorization: 'Bearer sesame', address: '10.0.0.7' }).who).to.equal(
      'operator@10.0.0.7',
    );
    expect(authenticator.identify({ authorization: 'Bearer wrong', address: '10.0.0.7' }).who).to.equal(
      'anonymous@10.0.0.7',
    );
    expect(authenticator.identify({ authorization: undefined }).who).to.equal('anonymous@unknown');
  });

  it('compares the bytes that were sent, whatever their encoding', () => {
    const sent = Buffer.from('Bearer schlüssel', 'utf8').toString('latin1');
    expect(new Authenticator({ token: 'schlüssel' }).identify({ authorization: sent }).credentials).to.equal('token');
  });

  it('challenges who shows nothing, and says so to who shows something wrong', () => {
    const none = refusalOf(() => {
      authenticator.require(authenticator.identify({ authorization: undefined }), 'read');
    });
    expect(none.code).to.equal('CONTROL_UNAUTHORIZED');
    expect(none.headers['WWW-Authenticate']).to.equal('Bearer realm="plba"');
    const wrong = refusalOf(() => {
      authenticator.require(authenticator.identify({ authorization: 'Bearer no' }), 'operate');
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
        const caller = authenticator.identify({ authorization: header });
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

describe('Authenticator with the token of a link', () => {
  const authenticator = new Authenticator({ linkToken: 'made-for-this-start' });
  const identify = (authorization?: string): ReturnType<Authenticator['identify']> =>
    authenticator.identify({ authorization, address: '127.0.0.1' });

  it('lets who has it operate, under a name of its own', () => {
    const caller = identify('Bearer made-for-this-start');
    expect(caller).to.include({ who: 'console link@127.0.0.1', authority: 'operate', credentials: 'token' });
    authenticator.require(caller, 'operate');
  });

  it('lets everybody else read as before, and asks who wants to operate for it, saying where it is', () => {
    authenticator.require(identify(), 'read');
    const refusal = refusalOf(() => {
      authenticator.require(identify(), 'operate');
    });
    expect(refusal.code).to.equal('CONTROL_UNAUTHORIZED');
    expect(refusal.hint).to.contain('link');
  });

  it('tells who shows that of an earlier start so at the first look, and lets probes pass', () => {
    authenticator.require(identify('Bearer made-for-another-start'), 'probe');
    authenticator.require(identify('Bearer made-for-another-start'), 'open');
    const refusal = refusalOf(() => {
      authenticator.require(identify('Bearer made-for-another-start'), 'read');
    });
    expect(refusal.code).to.equal('CONTROL_UNAUTHORIZED');
  });

  it('closes nothing under whatever name a configured token has', () => {
    const closed = new Authenticator({ tokens: { operate: { 'console link': 'configured' } } });
    expect(closed.identify({ authorization: undefined }).authority).to.equal('probe');
  });
});

describe('Authenticator with a token for each authority', () => {
  const tokens = {
    probe: 'for-probes',
    read: { grafana: 'for-grafana', audit: 'for-audit' },
    operate: 'for-operators',
  };
  const authenticator = new Authenticator({ token: 'for-all', tokens });
  const who = (token: string): [string, Authority] => {
    const caller = authenticator.identify({ authorization: `Bearer ${token}`, address: '10.0.0.7' });
    return [caller.who, caller.authority];
  };

  it('gives each token its authority and its name, or that of the authority', () => {
    expect(who('for-all')).to.deep.equal(['operator@10.0.0.7', 'operate']);
    expect(who('for-probes')).to.deep.equal(['probe@10.0.0.7', 'probe']);
    expect(who('for-grafana')).to.deep.equal(['grafana@10.0.0.7', 'read']);
    expect(who('for-audit')).to.deep.equal(['audit@10.0.0.7', 'read']);
    expect(who('for-operators')).to.deep.equal(['operate@10.0.0.7', 'operate']);
    expect(who('for-nobody')).to.deep.equal(['anonymous@10.0.0.7', 'open']);
  });

  it('asks probes for a token only where there is one for them', () => {
    expect(authenticator.identify({ authorization: undefined }).authority).to.equal('open');
    const open = new Authenticator({ tokens: { read: 'for-readers' } });
    expect(open.identify({ authorization: undefined }).authority).to.equal('probe');
    const onlyProbes = new Authenticator({ tokens: { probe: 'for-probes' } });
    expect(onlyProbes.identify({ authorization: undefined }).authority).to.equal('open');
  });

  it('tells a holder that may too little what is needed, without asking for other credentials', () => {
    const caller = authenticator.identify({ authorization: 'Bearer for-grafana', address: 'x' });
    const refusal = refusalOf(() => {
      authenticator.require(caller, 'operate');
    });
    expect(refusal.code).to.equal('CONTROL_FORBIDDEN');
    expect(refusal.message).to.contain('grafana@x').and.contain('operate');
    expect(refusal.hint).to.contain('plba.control.tokens.operate');
  });

  it('compares a token with every other to its end, by hashes of one length, whichever it is', () => {
    const { timingSafeEqual } = crypto;
    const compared: [number, number][] = [];
    crypto.timingSafeEqual = (one, other) => {
      compared.push([one.byteLength, other.byteLength]);
      return timingSafeEqual(one, other);
    };
    try {
      for (const token of ['for-all', 'for-operators', 'for-nobody', '', 'x'.repeat(5_000)]) {
        compared.length = 0;
        who(token);
        expect(compared, token).to.deep.equal(Array.from({ length: 5 }, () => [32, 32]));
      }
    } finally {
      crypto.timingSafeEqual = timingSafeEqual;
    }
  });

  it('sends who shows nothing to a token where there is no link', () => {
    const onlyProbes = new Authenticator({ tokens: { probe: 'for-probes' } });
    const refusal = refusalOf(() => {
      onlyProbes.require(onlyProbes.identify({ authorization: undefined }), 'read');
    });
    expect(refusal.hint).to.contain('plba.control.token').and.not.contain('link');
  });

  it('takes no empty token', () => {
    const empty = new Authenticator({ token: '', tokens: { operate: { a: '' }, read: '' } });
    expect(empty.identify({ authorization: 'Bearer ' })).to.include({ credentials: 'wrong', authority: 'read' });
  });

  it('does not look at a token of an address that is locked', () => {
    const caller = authenticator.identify({ authorization: 'Bearer for-all', isLocked: true });
    expect(caller).to.include({ credentials: 'ignored', authority: 'open' });
    const refusal = refusalOf(() => {
      authenticator.require(caller, 'read');
    });
    expect(refusal.code).to.equal('CONTROL_ATTEMPTS_EXCEEDED');
    expect(refusal.headers['Retry-After']).to.equal('60');
  });
});

describe('Authenticator at the other doors', () => {
  const authenticator = new Authenticator({ token: 'sesame' }, 'deploy');

  it('lets who comes by the Unix socket operate, as the user that the process belongs to', () => {
    expect(authenticator.identify({ authorization: undefined, door: 'socket' })).to.deep.equal({
      who: 'deploy@socket',
      authority: 'operate',
      credentials: 'socket',
    });
  });

  it('lets nobody do more than probe at the address for probes, whatever is shown', () => {
    for (const authorization of [undefined, 'Bearer sesame', 'Bearer wrong'])
      expect(authenticator.identify({ authorization, door: 'probes' }).authority).to.equal('probe');
  });
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
