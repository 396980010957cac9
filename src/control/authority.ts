import { createHash, timingSafeEqual } from 'node:crypto';
import { type ControlSettings, hasToken } from './control-settings.js';
import { Refusal } from './refusal.js';

/**
 * What a caller may do, and what a route asks for. Each includes the ones before it:
 * - `probe`: the words of health, nothing behind them
 * - `read`: everything there is to see
 * - `operate`: change what the application does
 */
export type Authority = 'probe' | 'read' | 'operate';

/** Who sent a request, as far as that is known. */
export interface Caller {
  /** Names the caller to people: `operator@127.0.0.1`, `anonymous@127.0.0.1`. */
  readonly who: string;
  readonly authority: Authority;
  /** What the caller showed. `wrong` counts as nothing; a probe with an outdated token still gets its answer. */
  readonly credentials: 'none' | 'wrong' | 'token';
}

const rank: Readonly<Record<Authority, number>> = { probe: 1, read: 2, operate: 3 };

/** Whether `held` is enough where `needed` is asked for. A word that is no authority never is, on either side. */
export function isEnough(held: Authority, needed: Authority): boolean {
  return rank[held] >= rank[needed];
}

/**
 * Tells callers apart.
 *
 * With a token configured: who shows it may operate, everybody else may probe. Without one, whoever reaches the port may
 * read (that is loopback only, see `checkExposure`), and nobody may operate.
 */
export class Authenticator {
  readonly #tokenHash: Buffer | undefined;

  constructor(settings: Pick<ControlSettings, 'token'>) {
    // Hashes have one length, so comparing them tells nothing about the length of the token either.
    this.#tokenHash = hasToken(settings) ? hash(Buffer.from(settings.token ?? '', 'utf8')) : undefined;
  }

  /** What a request with this `Authorization` header may do. */
  identify(authorization: string | undefined, address: string | undefined): Caller {
    const credentials = this.#judge(authorization);
    const isOperator = credentials === 'token';
    return {
      who: `${isOperator ? 'operator' : 'anonymous'}@${address ?? 'unknown'}`,
      authority: isOperator ? 'operate' : this.#anonymous,
      credentials,
    };
  }

  /** Whether details may be shown to a request with this `Authorization` header. */
  mayRead(authorization: string | undefined): boolean {
    return this.#anonymous === 'read' || (authorization !== undefined && this.#judge(authorization) === 'token');
  }

  /** Refuses a caller that may not do what is asked for. */
  require(caller: Caller, needed: Authority): void {
    if (isEnough(caller.authority, needed)) return;
    if (this.#tokenHash === undefined) throw operatingIsOff();
    throw unauthorized(caller.credentials === 'wrong');
  }

  get #anonymous(): Authority {
    return this.#tokenHash === undefined ? 'read' : 'probe';
  }

  #judge(authorization: string | undefined): Caller['credentials'] {
    if (authorization === undefined) return 'none';
    if (this.#tokenHash === undefined) return 'wrong';
    const token = /^bearer +(.*)$/i.exec(authorization)?.[1];
    if (token === undefined) return 'wrong';
    // Node hands over a header's bytes as latin1 characters; this gives back the bytes that were sent.
    return timingSafeEqual(hash(Buffer.from(token, 'latin1')), this.#tokenHash) ? 'token' : 'wrong';
  }
}

function hash(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function operatingIsOff(): Refusal {
  return new Refusal('CONTROL_FORBIDDEN', 'nobody may change anything as long as no token is configured', {
    hint: 'set plba.control.token (PLBA__CONTROL__TOKEN) and send it as "Authorization: Bearer <token>"',
  });
}

function unauthorized(wasWrong: boolean): Refusal {
  const challenge = 'Bearer realm="plba"';
  return new Refusal('CONTROL_UNAUTHORIZED', wasWrong ? 'the credentials are wrong' : 'a token is needed', {
    hint: 'send plba.control.token as "Authorization: Bearer <token>"',
    headers: { 'WWW-Authenticate': wasWrong ? `${challenge}, error="invalid_token"` : challenge },
  });
}
