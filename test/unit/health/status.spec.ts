import { expect } from 'chai';
import type { HealthStatus } from '../../../src/contracts/health.js';
import { effective } from '../../../src/health/status.js';

describe('effective', () => {
  const cases: [raw: HealthStatus, critical: boolean, counts: HealthStatus][] = [
    ['ok', true, 'ok'],
    ['ok', false, 'ok'],
    ['degraded', true, 'degraded'],
    ['degraded', false, 'degraded'],
    ['unhealthy', true, 'unhealthy'],
    ['unhealthy', false, 'degraded'],
  ];
  for (const [raw, critical, counts] of cases) {
    it(`counts ${raw} of a${critical ? '' : ' not'} critical member as ${counts}`, () => {
      expect(effective(raw, critical)).to.equal(counts);
    });
  }
});
