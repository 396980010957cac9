import type { Health, HealthStatus } from '../contracts/health.js';
import { errorMessage } from '../plain/error-fields.js';
import { clip, plainFields, plainValue } from '../plain/plain-value.js';
import type { Scrub } from '../secrets/scrub.js';
import { healthStatuses } from './status.js';

// Most answers are nothing but a word: they share their object.
const words: Readonly<Record<HealthStatus, Health>> = {
  ok: { status: 'ok' },
  degraded: { status: 'degraded' },
  unhealthy: { status: 'unhealthy' },
};

const reasonCharacters = 500;
const detailLimits = { depth: 4, breadth: 50, values: 200, characters: 1000 };

/**
 * What somebody answered about their health, believed only as far as it can be: a status word, or an object with one. All
 * else is `unhealthy` and says so. The answer is a copy of plain data of bounded size, so cycles, getters and what
 * happens to the object later harm nobody.
 */
export function healthFrom(answer: unknown, scrub: Scrub): Health {
  try {
    if (isStatus(answer)) return words[answer];
    if (typeof answer !== 'object' || answer === null) return nonsense(answer, scrub);
    const { status, reason, since, details } = answer as Record<string, unknown>;
    if (!isStatus(status)) return nonsense(answer, scrub);
    if (reason === undefined && since === undefined && details === undefined) return words[status];
    return {
      status,
      ...(typeof reason === 'string' && reason !== '' && { reason: clip(scrub(reason), reasonCharacters) }),
      ...(since instanceof Date && !Number.isNaN(since.getTime()) && { since: new Date(since) }),
      ...(typeof details === 'object' &&
        details !== null && { details: withoutSecrets(plainFields(details, detailLimits), scrub) }),
    };
  } catch (error) {
    return {
      status: 'unhealthy',
      reason: clip(scrub(`answered something unreadable: ${errorMessage(error)}`), reasonCharacters),
    };
  }
}

/** The health of somebody who threw instead of answering. */
export function healthOfError(error: unknown, scrub: Scrub): Health {
  return { status: 'unhealthy', reason: clip(scrub(errorMessage(error)), reasonCharacters) };
}

function nonsense(answer: unknown, scrub: Scrub): Health {
  const shown = JSON.stringify(plainValue(answer, { depth: 2, breadth: 5, characters: 100 })) as string | undefined;
  const reason = `answered ${shown ?? typeof answer} instead of a health status`;
  return { status: 'unhealthy', reason: clip(scrub(reason), reasonCharacters) };
}

function isStatus(value: unknown): value is HealthStatus {
  return (healthStatuses as readonly unknown[]).includes(value);
}

function withoutSecrets(details: Record<string, unknown>, scrub: Scrub): Record<string, unknown> {
  const scrubbed: unknown = JSON.parse(JSON.stringify(details), (_key, value: unknown) =>
    typeof value === 'string' ? scrub(value) : value,
  );
  return scrubbed as Record<string, unknown>;
}
