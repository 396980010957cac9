import { expect } from 'chai';
import { checkExposure } from '../../../src/control/door/check-exposure.js';
import { hostRule, isHostAllowed } from '../../../src/control/door/host-rules.js';
import { isLoopback } from '../../../src/control/door/loopback.js';
import { isOriginAllowed } from '../../../src/control/door/origin-rules.js';
import { PlbaError } from '../../../src/errors.js';

const loopback = ['localhost', 'LocalHost', '127.0.0.1', '127.8.9.10', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1'];
const beyond = [
  '0.0.0.0',
  '::',
  '',
  '10.0.0.1',
  '192.168.1.1',
  '::ffff:10.0.0.1',
  'localhost.evil.example',
  'host',
  '127.1',
];

describe('isLoopback', () => {
  for (const host of loopback) it(`takes ${host} for loopback`, () => expect(isLoopback(host)).to.be.true);
  for (const host of beyond) it(`does not take "${host}" for loopback`, () => expect(isLoopback(host)).to.be.false);
});

describe('checkExposure', () => {
  it('lets loopback be without a token', () => {
    for (const host of loopback) checkExposure({ host });
  });

  it('lets every address be with a token', () => {
    for (const host of [...loopback, ...beyond]) checkExposure({ host, token: 'sesame' });
  });

  it('takes the token of a link for none: it is no reason to be open to the world', () => {
    expect(() => {
      checkExposure({ host: '0.0.0.0', ...{ linkToken: 'made-for-this-start' } });
    }).to.throw(PlbaError);
  });

  for (const host of beyond)
    for (const token of [undefined, ''])
      it(`refuses "${host}" with ${token === '' ? 'an empty' : 'no'} token, and says what to set`, () => {
        expect(() => {
          checkExposure({ host, token });
        })
          .to.throw(PlbaError, host === '' ? 'all addresses' : host)
          .that.includes({ code: 'CONTROL_EXPOSED' })
          .and.has.property('hint')
          .that.contains('plba.control.token');
      });
});

describe('the rule for the Host header', () => {
  const rule = hostRule('127.0.0.1', 8090);

  for (const host of ['localhost:8090', 'LOCALHOST:8090', '127.0.0.1:8090', '[::1]:8090'])
    it(`lets ${host} in on loopback`, () => expect(isHostAllowed(rule, host)).to.be.true);

  for (const host of [
    undefined,
    '',
    'localhost',
    'localhost:80',
    'localhost:80900',
    'evil.example:8090',
    'localhost.evil.example:8090',
    'evil.example',
    '127.0.0.1.evil.example:8090',
    'localhost:8090 ',
    'user@localhost:8090',
    '::1:8090',
    '127.0.0.2:8090',
    'localhost:8090,evil.example',
  ])
    it(`keeps ${host === undefined ? 'a missing host' : `"${host}"`} out on loopback`, () =>
      expect(isHostAllowed(rule, host)).to.be.false);

  it('lets in the address it listens on, in the way it stands in a URL', () => {
    expect(isHostAllowed(hostRule('127.0.0.2', 1), '127.0.0.2:1')).to.be.true;
    expect(isHostAllowed(hostRule('::1', 1), '[::1]:1')).to.be.true;
  });

  it('lets the port be left out where the scheme implies it', () => {
    expect(isHostAllowed(hostRule('localhost', 80), 'localhost')).to.be.true;
    expect(isHostAllowed(hostRule('localhost', 80), 'evil.example')).to.be.false;
  });

  it('lets every host in beyond loopback, where a token decides', () => {
    expect(isHostAllowed(hostRule('0.0.0.0', 8090), 'ops.example')).to.be.true;
    expect(isHostAllowed(hostRule('0.0.0.0', 8090), undefined)).to.be.true;
  });
});

describe('the rule for the origin of a change', () => {
  const host = 'localhost:8090';
  const allowed: Parameters<typeof isOriginAllowed>[0][] = [
    { host },
    { host, origin: 'http://localhost:8090' },
    { host: 'LOCALHOST:8090', origin: 'http://localhost:8090' },
    { host: 'ops.example', origin: 'https://ops.example' },
    { host, origin: 'http://localhost:8090', fetchSite: 'same-origin' },
    { host, fetchSite: 'none' },
  ];
  const refused: Parameters<typeof isOriginAllowed>[0][] = [
    { host, origin: 'http://evil.example' },
    { host, origin: 'http://localhost:3000' },
    { host, origin: 'http://localhost' },
    { host, origin: 'http://127.0.0.1:8090' },
    { host, origin: 'null' },
    { host, origin: '' },
    { host, origin: 'http://localhost:8090, http://localhost:8090' },
    { host, origin: 'http://localhost:8090/' },
    { host, fetchSite: 'cross-site' },
    { host, fetchSite: 'same-site' },
    { host, fetchSite: '' },
    { host, origin: 'http://localhost:8090', fetchSite: 'cross-site' },
    { origin: 'http://undefined' },
  ];
  for (const from of allowed) it(`allows ${JSON.stringify(from)}`, () => expect(isOriginAllowed(from)).to.be.true);
  for (const from of refused) it(`refuses ${JSON.stringify(from)}`, () => expect(isOriginAllowed(from)).to.be.false);
});
