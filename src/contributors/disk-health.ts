import type { Newable } from 'inversify';
import { statfs } from 'node:fs/promises';
import type { Health, HealthContributor, HealthContributorOptions } from '../contracts/health.js';
import { healthCheck } from './health-check.js';
import { judge, type Limits, limitsOf } from './limits.js';

/** Options of {@link diskHealth}. */
export interface DiskHealthOptions extends Partial<HealthContributorOptions> {
  /** A file or folder on the disk. Default: the working directory. */
  readonly path?: string;
  /** Free space below which it is degraded: up to 1 a part of the disk, above that bytes. Default 0.1. */
  readonly degradedBelow?: number;
  /** Free space below which it is unhealthy, likewise. Default 0.02. */
  readonly unhealthyBelow?: number;
}

/**
 * How much space is left on a disk for those who are not root. Named `disk`.
 * @throws PlbaError `OPTION_INVALID`
 */
export function diskHealth(options: DiskHealthOptions = {}): Newable<HealthContributor> {
  const { path = process.cwd(), degradedBelow = 0.1, unhealthyBelow = 0.02, name = 'disk', ...rest } = options;
  const limits = { degraded: degradedBelow, unhealthy: unhealthyBelow };
  // A part and a number of bytes can be compared only on the disk itself.
  const areAlike = degradedBelow <= 1 === unhealthyBelow <= 1;
  limitsOf(name, areAlike ? limits : { degraded: degradedBelow, unhealthy: 0 }, 'falling');
  if (!areAlike) limitsOf(name, { degraded: unhealthyBelow, unhealthy: 0 }, 'falling');
  return healthCheck({ ...rest, name }, async () => {
    const { bavail, blocks, bsize } = await statfs(path);
    return diskHealthOf(limits, path, bavail * bsize, blocks * bsize);
  });
}

/** What so many free bytes of so many amount to. */
export function diskHealthOf(limits: Limits, path: string, freeBytes: number, totalBytes: number): Health {
  const isBelow = (limit: number): boolean => freeBytes < (limit <= 1 ? limit * totalBytes : limit);
  const badness = isBelow(limits.unhealthy) ? 'unhealthy' : isBelow(limits.degraded) ? 'degraded' : 'ok';
  const part = Math.round((freeBytes / totalBytes) * 1_000) / 10;
  return judge(badness, `${Math.floor(freeBytes / 1_048_576)} MiB (${part} %) are free`, {
    path,
    freeBytes,
    totalBytes,
  });
}
