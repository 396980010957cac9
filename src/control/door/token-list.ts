import { createHash, timingSafeEqual } from 'node:crypto';
import type { ControlSettings, TokenSetting } from '../control-settings.js';

/** What a token says about who shows it. */
export interface TokenHolder {
  /** The name that configuration gives the token, or the authority where it gives none. */
  readonly name: string;
  readonly authority: 'probe' | 'read' | 'operate';
}

/** The settings that tokens come from. */
export type TokenSettings = Pick<ControlSettings, 'token' | 'linkToken' | 'tokens'>;

/** The tokens that count. Keeps hashes only; they have one length, so that comparing them tells nothing about it. */
export class TokenList {
  readonly #entries: readonly { readonly hash: Buffer; readonly holder: TokenHolder }[];
  /** Whether strangers are told apart from those who may look or operate. */
  readonly isClosed: boolean;
  /** Whether probes need a token too. */
  readonly coversProbes: boolean;
  /** Whether there is a token that was made for this start. It opens a door, and closes none. */
  readonly hasLink: boolean;

  constructor(settings: TokenSettings) {
    const levels = ['probe', 'read', 'operate'] as const;
    // An empty token would let in everybody who sends an empty one.
    const configured = [
      ...named('operator', 'operate', settings.token),
      ...levels.flatMap((authority) => named(authority, authority, settings.tokens?.[authority])),
    ].filter(([token]) => token !== '');
    const made = named('console link', 'operate', settings.linkToken);
    this.#entries = [...configured, ...made].map(([token, holder]) => ({
      hash: hashOf(Buffer.from(token, 'utf8')),
      holder,
    }));
    this.isClosed = configured.some(([, { authority }]) => authority !== 'probe');
    this.coversProbes = configured.some(([, { authority }]) => authority === 'probe');
    this.hasLink = made.length > 0;
  }

  /**
   * Who holds the token, if it is one. Takes the same time whichever it is: every hash is compared, to its end.
   *
   * @param token bytes as they were sent
   */
  find(token: Buffer): TokenHolder | undefined {
    const hash = hashOf(token);
    let found: TokenHolder | undefined;
    for (const entry of this.#entries) if (timingSafeEqual(hash, entry.hash)) found = entry.holder;
    return found;
  }
}

function named(
  byDefault: string,
  authority: TokenHolder['authority'],
  setting: TokenSetting | undefined,
): [string, TokenHolder][] {
  if (setting === undefined) return [];
  if (typeof setting === 'string') return [[setting, { name: byDefault, authority }]];
  return Object.entries(setting).map(([name, token]) => [token, { name, authority }]);
}

function hashOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
