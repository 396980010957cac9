import { mark } from './token-in-text.js';

/**
 * The token that the address brought along behind its `#`, and takes it out of the address: what stays there is shown around,
 * bookmarked and found again. Undefined when there is none.
 */
export function takeTokenFromAddress(): string | undefined {
  const { hash, pathname } = location;
  if (!hash.startsWith(mark)) return undefined;
  history.replaceState(null, '', `${pathname}#/`);
  const text = hash.slice(mark.length);
  return text === '' ? undefined : text;
}
