import { createHash, timingSafeEqual } from 'node:crypto';
import type { ControlSettings, TokenSetting } from './control-settings.js';

/** What a token says about who shows it. */
export interface TokenHolder {
  /** The name that configuration gives the token, or the authority where it gives none. */
  readonly name: string;
  readonly authority: 'probe' | 'read' | 'operate';
}

/** The tokens that are configured. Keeps hashes only; they have one length, so that comparing them tells nothing about it. */
export class TokenList {
  readonly #entries: readonly { readonly hash: Buffer; readonly holder: TokenHolder }[];

  constructor(settings: Pick<ControlSettings, 'token' | 'tokens'>) {
    const levels = ['probe', 'read', 'operate'] as const;
    const configured = [
      ...named('operator', 'operate', settings.token),
      ...levels.flatMap((authority) => named(authority, authority, settings.tokens?.[authority])),
    ];
    // An empty token would let in everybody who sends an empty one.
    this.#entries = configured
      .filter(([token]) => token !== '')
      .map(([token, holder]) => ({ hash: hashOf(Buffer.from(token, 'utf8')), holder }));
  }

  /** Whether strangers are told apart from those who may look or operate. */
  get isClosed(): boolean {
    return this.#entries.some(({ holder }) => holder.authority !== 'probe');
  }

  /** Whether probes need a token too. */
  get coversProbes(): boolean {
    return this.#entries.some(({ holder }) => holder.authority === 'probe');
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
