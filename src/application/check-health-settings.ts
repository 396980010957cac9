import type { PlatformSettings } from '../config/platform-settings.js';
import type { HealthContributorOptions } from '../contracts/health.js';
import { PlbaError } from '../errors.js';
import { effectiveContributorOptions } from '../health/contributor-options.js';
import { checkGroupRules } from '../health/group-rules.js';

/**
 * Refuses settings of `plba.health` that name nobody, or that cannot be meant.
 * @throws PlbaError `HEALTH_CONTRIBUTOR_UNKNOWN` for settings of nobody, and what `checkGroupRules` and
 *   `effectiveContributorOptions` throw
 */
export function checkHealthSettings(
  settings: Pick<PlatformSettings['health'], 'groups' | 'contributors'>,
  workers: readonly string[],
  contributors: readonly HealthContributorOptions[],
): void {
  const names = contributors.map(({ name }) => name);
  checkGroupRules(settings.groups, workers, names);
  const unknown = Object.keys(settings.contributors).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new PlbaError(
      'HEALTH_CONTRIBUTOR_UNKNOWN',
      `plba.health.contributors names "${unknown}", which is no contributor`,
      { hint: `there are: ${names.join(', ') || 'none'}` },
    );
  }
  for (const options of contributors)
    effectiveContributorOptions({ ...options, ...settings.contributors[options.name] });
}
