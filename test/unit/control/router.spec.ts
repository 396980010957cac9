import { expect } from 'chai';
import { guardHeaders } from '../../../src/control/door/guard-headers.js';
import type { Refusal } from '../../../src/control/refusal.js';
import type { Route } from '../../../src/control/route.js';
import { findRoute } from '../../../src/control/router.js';

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  authority: 'read',
  summary: path,
  answers: { 200: {} },
  refusals: [],
  handle: () => ({ status: 200, body: {} }),
});

const routes = [
  route('GET', '/'),
  route('GET', '/health'),
  route('GET', '/health/<group>'),
  route('GET', '/workers/<name>'),
  route('GET', '/workers/<name>/runs'),
  route('POST', '/workers/<name>/stop'),
];

describe('findRoute', () => {
  const found: [method: string, url: string, path: string, parameters: object][] = [
    ['GET', '/', '/', {}],
    ['GET', '/health', '/health', {}],
    ['HEAD', '/health', '/health', {}],
    ['GET', '/health?', '/health', {}],
    ['GET', '/health?a=/b', '/health', {}],
    ['GET', '/health/live', '/health/<group>', { group: 'live' }],
    ['GET', '/health/li%76e', '/health/<group>', { group: 'live' }],
    ['GET', '/workers/a', '/workers/<name>', { name: 'a' }],
    ['GET', '/workers/a%2Fb', '/workers/<name>', { name: 'a/b' }],
    ['GET', '/workers/caf%C3%A9', '/workers/<name>', { name: 'café' }],
    ['GET', '/workers/%00', '/workers/<name>', { name: '\0' }],
    ['GET', '/workers/..', '/workers/<name>', { name: '..' }],
    ['GET', '/workers/%3Cname%3E', '/workers/<name>', { name: '<name>' }],
    ['GET', '/workers/a+b', '/workers/<name>', { name: 'a+b' }],
    ['GET', '/workers/runs/runs', '/workers/<name>/runs', { name: 'runs' }],
    ['POST', '/workers/__proto__/stop', '/workers/<name>/stop', { name: '__proto__' }],
  ];
  for (const [method, url, path, parameters] of found)
    it(`finds ${path} for ${method} ${url}`, () => {
      const match = findRoute(routes, method, url);
      expect(match.route.path).to.equal(path);
      expect({ ...match.parameters }).to.deep.equal(parameters);
    });

  for (const url of [
    '',
    '*',
    '//',
    '/health/',
    '/Health',
    '/HEALTH',
    '//health',
    '/./health',
    '/health/live/',
    '/health#',
    '/%68ealth',
    '/workers/',
    '/workers//runs',
    '/workers/a/Runs',
    '/workers/a/b/runs',
    'http://localhost/health',
    '\\health',
  ])
    it(`finds nothing for "${url}"`, () => {
      expect(refused('GET', url).code).to.equal('CONTROL_ROUTE_UNKNOWN');
    });

  for (const name of ['%', '%4', '%zz', '%C0%80', '%E9', '%ED%A0%80', 'a%2'])
    it(`refuses the name ${name}, which is not percent-encoded UTF-8`, () => {
      expect(refused('GET', `/workers/${name}`).code).to.equal('CONTROL_REQUEST_MALFORMED');
    });

  it('says which methods a path takes', () => {
    expect(refused('POST', '/health').headers['Allow']).to.equal('GET, HEAD');
    expect(refused('GET', '/workers/a/stop').headers['Allow']).to.equal('POST');
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'get', 'constructor'])
      expect(refused(method, '/health').code, method).to.equal('CONTROL_METHOD_REFUSED');
  });

  it('gives parameters that no name can make into something else', () => {
    expect(Object.getPrototypeOf(findRoute(routes, 'GET', '/workers/a').parameters)).to.equal(null);
  });
});

describe('guardHeaders', () => {
  it('reads names in any case', () => {
    const read = guardHeaders([
      'HOST',
      'localhost',
      'x',
      'y',
      'authorization',
      'Bearer a',
      'ACCEPT',
      'a',
      'Accept',
      'b',
    ]);
    expect(read).to.deep.equal({
      host: 'localhost',
      authorization: 'Bearer a',
      accept: 'a,b',
      isAmbiguous: false,
      mentionsBody: false,
    });
  });

  it('finds nothing where there is nothing', () => {
    expect(guardHeaders([])).to.deep.equal({
      host: undefined,
      accept: undefined,
      authorization: undefined,
      isAmbiguous: false,
      mentionsBody: false,
    });
  });

  it('notices what is said about a body', () => {
    expect(guardHeaders(['Content-Length', '0']).mentionsBody).to.be.true;
    expect(guardHeaders(['transfer-encoding', 'chunked']).mentionsBody).to.be.true;
    expect(guardHeaders(['Content-Lengthy', '0', 'Accept-Encoding', 'a']).mentionsBody).to.be.false;
  });

  it('notices a header that was sent twice', () => {
    expect(guardHeaders(['Host', 'a', 'host', 'b']).isAmbiguous).to.be.true;
    expect(guardHeaders(['Authorization', 'a', 'authorization', 'a']).isAmbiguous).to.be.true;
  });
});

function refused(method: string, url: string): Refusal {
  try {
    findRoute(routes, method, url);
  } catch (error) {
    return error as Refusal;
  }
  throw new Error(`${method} ${url} was found`);
}
