import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { controlLimits } from '../../../src/control/control-settings.js';
import { platformRoutes } from '../../fakes/platform-routes.js';
import { jsonWriter } from '../../../src/control/json-text.js';
import { problemAnswer } from '../../../src/control/problem.js';
import { type ErrorCode, errorCatalogue, PlbaError } from '../../../src/errors.js';

const page = readFileSync('docs/control-plane.md', 'utf8');
const toJson = jsonWriter(undefined);
const routes = platformRoutes();

describe('docs/control-plane.md', () => {
  it('has every route with the authority it asks for, and no other', () => {
    const documented = [...page.matchAll(/^\| `(GET|POST|PUT) ([^`]+)` +\| (\w+) +\|/gm)].map(
      ([, method, path, authority]) => `${method} ${path}: ${authority}`,
    );
    const existing = routes.map((route) => `${route.method} ${route.path}: ${route.authority}`);
    expect(documented).to.have.members(existing);
  });

  it('has every code that is answered, with its status', () => {
    const documented = new Map(
      [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [code, Number(status)]),
    );
    const codes = Object.keys(errorCatalogue) as ErrorCode[];
    const startErrors = ['CONTROL_EXPOSED', 'CONTROL_LISTEN_FAILED', 'CONTROL_TLS_INVALID'];
    for (const code of codes) {
      const { status } = problemAnswer(new PlbaError(code, 'x'), toJson);
      const isAnswered = (status !== 500 || code === 'CONTROL_FAILED') && !startErrors.includes(code);
      expect(documented.get(code), code).to.equal(isAnswered ? status : undefined);
    }
  });

  it('promises an end within ten seconds to each connection that does nothing, or not enough', () => {
    const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, keepAliveTimeoutMs, checkEveryMs } = controlLimits;
    for (const ms of [headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs])
      expect(ms + checkEveryMs).to.be.below(idleTimeoutMs, 'so that it is told why: 408');
    expect(idleTimeoutMs).to.be.below(10_000);
  });

  it('has the limits in force', () => {
    const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, keepAliveTimeoutMs } = controlLimits;
    for (const ms of [headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, keepAliveTimeoutMs])
      expect(page).to.contain(`${ms / 1000} s`);
    for (const figure of [`${controlLimits.maxConnections} connections`, `${controlLimits.maxBodyBytes / 1024} KiB`])
      expect(page).to.contain(figure);
  });
});
