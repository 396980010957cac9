import type { IncomingMessage } from 'node:http';
import type { Logger } from '../../contracts/logger.js';
import { clip } from '../../plain/plain-value.js';
import type { Authenticator, Caller, Door } from './authority.js';
import type { FailedAttempts } from './failed-attempts.js';
import { type HostRule, isHostAllowed } from './host-rules.js';

/** What a {@link Gate} goes by. */
export interface GateParts {
  readonly door: Door;
  readonly hostRule: HostRule;
  readonly authenticator: Authenticator;
  readonly attempts: FailedAttempts;
  readonly log: Logger;
}

/** Who comes in at one door, and as whom. */
export class Gate {
  constructor(private readonly parts: GateParts) {}

  /** Which way it is. */
  get door(): Door {
    return this.parts.door;
  }

  /** Whether a request for this host is meant for here. */
  isMeant(host: string | undefined): boolean {
    return isHostAllowed(this.parts.hostRule, host);
  }

  /** Who sends a request. A wrong token is counted and logged, never with the token. */
  greet(request: IncomingMessage, authorization: string | undefined): Caller {
    const { authenticator, attempts, log, door } = this.parts;
    const address = request.socket.remoteAddress;
    const isLocked = authorization !== undefined && attempts.isLocked(address);
    const caller = authenticator.identify({ authorization, address, door, isLocked });
    if (caller.credentials === 'wrong' && authenticator.hasTokens) {
      const wrongTokens = attempts.record(address);
      const asked = clip(`${request.method ?? ''} ${pathOf(request)}`, 300);
      log.warn({ who: caller.who, request: asked, wrongTokens }, 'a request showed a wrong token');
    }
    return caller;
  }

  /** Lets a caller with a wrong token wait. */
  async slow(request: IncomingMessage, { credentials }: Caller): Promise<void> {
    if (credentials === 'wrong' && this.parts.authenticator.hasTokens)
      await this.parts.attempts.slow(request.socket.remoteAddress);
  }
}

/** Without the query: it may hold a token that somebody put there by mistake. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}
