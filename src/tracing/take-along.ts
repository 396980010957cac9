import type { Carry } from '../time/carry.js';
import { isWatching, ownContext, withOwnContext } from './own-context.js';
import { telemetry } from './open-telemetry.js';

/** What is active here and now, for work that is done later; undefined as long as nothing is traced. */
export function takeAlong(): Carry | undefined {
  const sdk = telemetry();
  if (sdk !== undefined) {
    const context = sdk.api.context.active();
    return (work) => sdk.api.context.with(context, work);
  }
  if (!isWatching()) return undefined;
  const context = ownContext();
  return (work) => withOwnContext(context, work);
}
