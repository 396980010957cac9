import { Refusal } from '../refusal.js';
import { TokenList, type TokenSettings } from './token-list.js';

/**
 * What a caller may do, and what a route asks for. Each includes the ones before it:
 * - `open`: what says nothing about the application, such as the files of the console
 * - `probe`: the words of health, nothing behind them
 * - `read`: everything there is to see
 * - `operate`: change what the application does
 */
export type Authority = 'open' | 'probe' | 'read' | 'operate';

/** Which way a request came in: by the port, the Unix socket, or the address for probes. */
export type Door = 'port' | 'socket' | 'probes';

/** Who sent a request, as far as that is known. */
export interface Caller {
  /** Names the caller to people: `alice@127.0.0.1`, `anonymous@127.0.0.1`, `deploy@socket`. */
  readonly who: string;
  readonly authority: Authority;
  /**
   * What the caller showed. `wrong` counts as nothing; a probe with an outdated token still gets its answer. `ignored` is a
   * token that was not looked at, since too many before it were wrong.
   */
  readonly credentials: 'none' | 'wrong' | 'ignored' | 'token' | 'socket';
}

/** What an {@link Authenticator} goes by. */
export interface Introduction {
  readonly authorization: string | undefined;
  /** Of the other end of the connection. */
  readonly address?: string | undefined;
  /** Default: `port`. */
  readonly door?: Door;
  /** Tokens of this address are not looked at. Default: they are. */
  readonly isLocked?: boolean;
}

const rank: Readonly<Record<Authority, number>> = { open: 0, probe: 1, read: 2, operate: 3 };

/** Whether `held` is enough where `needed` is asked for. A word that is no authority never is, on either side. */
export function isEnough(held: Authority, needed: Authority): boolean {
  return rank[held] >= rank[needed];
}

/**
 * Tells callers apart.
 *
 * With a token configured, what a caller may do is what the shown token says, and who shows none may probe. Without one,
 * whoever reaches the port may read (that is loopback only, see `checkExposure`), and nobody may operate. Who reaches the
 * Unix socket may operate: only the user of the process can; and so may who has the token of the console's link, where one was
 * made, which changes nothing for others. At the address for probes everybody may probe, and nobody more.
 */
export class Authenticator {
  readonly #tokens: TokenList;
  readonly #user: string;

  /** @param user whom the process belongs to, and with it the Unix socket */
  constructor(settings: TokenSettings, user = 'owner') {
    this.#tokens = new TokenList(settings);
    this.#user = user;
  }

  /** Whether a token can be right at all. */
  get hasTokens(): boolean {
    return this.#tokens.isClosed || this.#tokens.coversProbes || this.#tokens.hasLink;
  }

  /** Who somebody is that introduces itself like this. */
  identify({ authorization, address, door = 'port', isLocked = false }: Introduction): Caller {
    if (door === 'socket') return { who: `${this.#user}@socket`, authority: 'operate', credentials: 'socket' };
    const where = address ?? 'unknown';
    if (door === 'probes') return { who: `anonymous@${where}`, authority: 'probe', credentials: 'none' };
    const isShown = authorization !== undefined;
    const holder = isShown && !isLocked ? this.#holder(authorization) : undefined;
    if (holder === undefined) {
      const credentials = isShown ? (isLocked ? 'ignored' : 'wrong') : 'none';
      return { who: `anonymous@${where}`, authority: this.#anonymous, credentials };
    }
    return { who: `${holder.name}@${where}`, authority: holder.authority, credentials: 'token' };
  }

  /** Refuses a caller that may not do what is asked for. */
  require(caller: Caller, needed: Authority): void {
    // Who shows the token of an earlier start is told so at the first look: each further try would count against the address.
    const isOutdated =
      caller.credentials === 'wrong' && this.#tokens.hasLink && needed !== 'open' && needed !== 'probe';
    if (isEnough(caller.authority, needed) && !isOutdated) return;
    if (caller.credentials === 'token') throw tooLittle(caller, needed);
    const { isClosed, hasLink } = this.#tokens;
    if (!isClosed && !hasLink && isEnough(caller.authority, 'read')) throw operatingIsOff();
    if (caller.credentials === 'ignored') throw tooManyAttempts();
    throw unauthorized(caller.credentials === 'wrong', hasLink && !isClosed ? openLink : showToken);
  }

  get #anonymous(): Authority {
    if (this.#tokens.coversProbes) return 'open';
    return this.#tokens.isClosed ? 'probe' : 'read';
  }

  #holder(authorization: string): ReturnType<TokenList['find']> {
    const token = /^bearer +(.*)$/i.exec(authorization)?.[1];
    // Node hands over a header's bytes as latin1 characters; this gives back the bytes that were sent.
    return token === undefined ? undefined : this.#tokens.find(Buffer.from(token, 'latin1'));
  }
}

function operatingIsOff(): Refusal {
  return new Refusal('CONTROL_FORBIDDEN', 'nobody may change anything here as long as no token is configured', {
    hint:
      'set plba.control.token (PLBA__CONTROL__TOKEN) and send it as "Authorization: Bearer <token>", or use the command ' +
      'line, which comes by the Unix socket',
  });
}

function tooLittle({ who, authority }: Caller, needed: Authority): Refusal {
  return new Refusal('CONTROL_FORBIDDEN', `${who} may ${authority}, and this needs ${needed}`, {
    hint: `send a token of plba.control.tokens.${needed}, or plba.control.token`,
  });
}

const showToken = 'send plba.control.token as "Authorization: Bearer <token>"';
const openLink =
  'open the link to the console that the application wrote where it was started, or send what stands behind "#token=" in it as ' +
  '"Authorization: Bearer <token>", or use the command line, which comes by the Unix socket';

function unauthorized(wasWrong: boolean, hint: string): Refusal {
  const challenge = 'Bearer realm="plba"';
  return new Refusal('CONTROL_UNAUTHORIZED', wasWrong ? 'the credentials are wrong' : 'a token is needed', {
    hint,
    headers: { 'WWW-Authenticate': wasWrong ? `${challenge}, error="invalid_token"` : challenge },
  });
}

function tooManyAttempts(): Refusal {
  return new Refusal('CONTROL_ATTEMPTS_EXCEEDED', 'too many wrong tokens came from this address', {
    hint: 'wait a minute; the Unix socket is open all the time',
    headers: { 'Retry-After': '60' },
  });
}
