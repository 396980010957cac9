/** The headers that decide who may come in, and how the answer is written. */
export interface GuardHeaders {
  readonly host: string | undefined;
  readonly authorization: string | undefined;
  readonly accept: string | undefined;
  /** One of them was sent twice, so that it depends on the reader which one counts. Nobody honest does that. */
  readonly isAmbiguous: boolean;
  /** Something is said about a body, be it that there is none. */
  readonly mentionsBody: boolean;
}

/**
 * Reads the headers that decide who may come in from `IncomingMessage.rawHeaders` (names and values in turn).
 *
 * Node's own `headers` would hide that one was sent twice. It is also built on first use from all headers, which costs a
 * probe more than all else that is done for it.
 */
export function guardHeaders(rawHeaders: readonly string[]): GuardHeaders {
  let host: string | undefined;
  let authorization: string | undefined;
  let accept: string | undefined;
  let isAmbiguous = false;
  let mentionsBody = false;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // Most names are told apart by their length alone.
    if (name.length === 4 && name.toLowerCase() === 'host') {
      isAmbiguous ||= host !== undefined;
      host = rawHeaders[at + 1];
    } else if (name.length === 6 && name.toLowerCase() === 'accept') {
      // It may come in several parts.
      accept = accept === undefined ? rawHeaders[at + 1] : `${accept},${rawHeaders[at + 1] ?? ''}`;
    } else if (name.length === 13 && name.toLowerCase() === 'authorization') {
      isAmbiguous ||= authorization !== undefined;
      authorization = rawHeaders[at + 1];
    } else if (name.length === 14) {
      mentionsBody ||= name.toLowerCase() === 'content-length';
    } else if (name.length === 17) {
      mentionsBody ||= name.toLowerCase() === 'transfer-encoding';
    }
  }
  return { host, authorization, accept, isAmbiguous, mentionsBody };
}
