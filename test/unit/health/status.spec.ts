import { expect } from 'chai';
import type { HealthStatus } from '../../../src/contracts/health.js';
import { effective, healthStatuses, worst } from '../../../src/health/status.js';

describe('worst', () => {
  const cases: [statuses: HealthStatus[], worst: HealthStatus][] = [
    [[], 'ok'],
    [['ok'], 'ok'],
    [['ok', 'ok'], 'ok'],
    [['ok', 'degraded'], 'degraded'],
    [['degraded', 'ok'], 'degraded'],
    [['unhealthy', 'ok'], 'unhealthy'],
    [['degraded', 'unhealthy', 'ok'], 'unhealthy'],
  ];
  for (const [statuses, expected] of cases) {
    it(`of ${statuses.join(', ') || 'nothing'} is ${expected}`, () => {
      expect(worst(statuses)).to.equal(expected);
    });
  }

  it('does not depend on the order', () => {
    for (const a of healthStatuses) for (const b of healthStatuses) expect(worst([a, b])).to.equal(worst([b, a]));
  });
});

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
