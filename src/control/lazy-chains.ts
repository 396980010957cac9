import type { RequestListener } from 'node:http';
import type { Door } from './door/authority.js';
import type { Gate } from './door/gate.js';
import { type KoaChainParts, loadKoaChain } from './koa-chain.js';

/** The chains that requests go through, one for each door, each loaded by the first request that needs it. */
export class LazyChains {
  readonly #loaded = new Map<Door, Promise<RequestListener>>();

  constructor(private readonly parts: Omit<KoaChainParts, 'gate'>) {}

  /** That of a door. A failure to load it is that of one request: the next one tries again. */
  load(gate: Gate): Promise<RequestListener> {
    const known = this.#loaded.get(gate.door);
    if (known !== undefined) return known;
    const chain = loadKoaChain({ ...this.parts, gate }).catch((error: unknown) => {
      this.#loaded.delete(gate.door);
      throw error;
    });
    this.#loaded.set(gate.door, chain);
    return chain;
  }
}
