import type { Route } from '../route.js';
import { type BodyFields, isLine } from './body-fields.js';

/**
 * What a caller gives as the reason for a change: the field of the body, or else the header `X-Reason`. Undefined where neither is a
 * line for people.
 */
export function readReason(
  { body: kinds }: Pick<Route, 'body'>,
  body: BodyFields | undefined,
  header: string,
): string | undefined {
  // The fields of an object of the route's own mean what the route says.
  const inBody = kinds === 'object' ? undefined : body?.['reason'];
  if (typeof inBody === 'string') return inBody;
  // Node hands over a header's bytes as latin1 characters; people write UTF-8.
  const text = Buffer.from(header, 'latin1').toString('utf8');
  return isLine(text) ? text : undefined;
}
