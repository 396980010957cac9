import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Refusal } from '../refusal.js';

/**
 * Refuses a body by what its headers say about it: anything but `application/json` in UTF-8, any `Content-Encoding` at all
 * (so that nothing is ever unpacked for a stranger), and a length above `maxBytes`.
 *
 * @throws Refusal `CONTROL_MEDIA_TYPE_REFUSED`, `CONTROL_BODY_TOO_LARGE`
 */
export function checkBodyHeaders(headers: IncomingHttpHeaders, maxBytes: number): void {
  const accepted = { Accept: 'application/json', 'Accept-Encoding': 'identity' };
  if (headers['content-encoding'] !== undefined)
    throw new Refusal('CONTROL_MEDIA_TYPE_REFUSED', 'bodies are taken without Content-Encoding only', {
      headers: accepted,
    });
  if (announcesBody(headers) && !jsonType.test(headers['content-type'] ?? ''))
    throw new Refusal('CONTROL_MEDIA_TYPE_REFUSED', 'bodies are taken as application/json only', {
      hint: 'send "Content-Type: application/json"',
      headers: accepted,
    });
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

const jsonType = /^application\/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?$/i;

/** Whether a body follows. */
export function announcesBody(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads a body to its end, so that nothing is done for a request that is not whole.
 *
 * Reading stops at the first byte too many; what still comes is thrown away by the server, within the request's deadline.
 *
 * @throws Refusal `CONTROL_BODY_TOO_LARGE`; `CONTROL_REQUEST_MALFORMED` when the body breaks off
 */
export function readBody(body: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > maxBytes) settle(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      settle();
    };
    const onClose = (): void => {
      settle(brokenOff());
    };
    const settle = (refusal?: Refusal): void => {
      body.off('data', onData).off('end', onEnd).off('close', onClose);
      if (refusal === undefined) {
        body.off('error', onClose);
        resolve(Buffer.concat(chunks, size));
        return;
      }
      // The listener for 'error' stays: what is still to come may break off, and nobody else listens.
      body.resume();
      reject(refusal);
    };
    // A stream that has ended or broken off already says so only here, never again by an event.
    if (body.destroyed && !body.readableEnded) {
      reject(brokenOff());
      return;
    }
    if (body.readableEnded) {
      resolve(Buffer.alloc(0));
      return;
    }
    body.on('data', onData).on('end', onEnd).on('close', onClose).on('error', onClose);
  });
}

/**
 * Decodes UTF-8 without forgiving anything: no wrong bytes, no byte order mark (the JSON reader refuses it).
 *
 * @throws Refusal `CONTROL_BODY_INVALID`
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new Refusal('CONTROL_BODY_INVALID', 'the body is not UTF-8', { cause });
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal('CONTROL_BODY_TOO_LARGE', `the body is larger than ${maxBytes} bytes`);
}

function brokenOff(): Refusal {
  return new Refusal('CONTROL_REQUEST_MALFORMED', 'the body broke off');
}
