import { asProblem, Problem, readProblem } from './problem.js';

/** Longer than the control plane lets any read take. */
const readTimeoutMs = 10_000;

/** An order to the application. */
export interface Order {
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Asks the control plane that this page came from.
 *
 * The token lives in this object and nowhere else: not in storage, where every later page of this origin would find it, and not in
 * an address, out of which it is taken at once. It is gone with the page.
 */
export class Client {
  #token: string | undefined;

  get hasToken(): boolean {
    return this.#token !== undefined;
  }

  /** From now on shows this token; undefined shows none. */
  useToken(token: string | undefined): void {
    this.#token = token;
  }

  /**
   * What a route answers.
   * @throws Problem
   */
  async read(path: string): Promise<unknown> {
    const response = await this.#fetch(path, { signal: AbortSignal.timeout(readTimeoutMs) });
    // Bad health comes as 503 with a report, and is an answer.
    if (!response.ok && typeOf(response) !== 'application/json') throw await readProblem(response);
    return this.#json(response);
  }

  /**
   * Gives an order and waits for as long as it takes.
   * @throws Problem
   */
  async order({ method, path, body }: Order): Promise<unknown> {
    const headers = { 'Content-Type': 'application/json' };
    const response = await this.#fetch(path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw await readProblem(response);
    return this.#json(response);
  }

  /**
   * Opens an answer that goes on.
   * @throws Problem
   */
  async open(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
    const response = await this.#fetch(path, { headers, signal });
    if (!response.ok) throw await readProblem(response);
    return response;
  }

  async #fetch(path: string, { headers, ...options }: RequestInit): Promise<Response> {
    const all = new Headers(headers);
    if (this.#token !== undefined) all.set('Authorization', `Bearer ${inBytes(this.#token)}`);
    try {
      return await fetch(path, { ...options, headers: all, cache: 'no-store', credentials: 'omit', redirect: 'error' });
    } catch (error) {
      throw asProblem(error);
    }
  }

  async #json(response: Response): Promise<unknown> {
    try {
      return await response.json();
    } catch (error) {
      throw new Problem(0, 'NO_ANSWER', `the answer broke off: ${String(error)}`);
    }
  }
}

function typeOf(response: Response): string | undefined {
  return response.headers.get('Content-Type')?.split(';', 1)[0];
}

/** A header takes bytes only; the control plane reads a token as UTF-8. */
function inBytes(token: string): string {
  return String.fromCharCode(...new TextEncoder().encode(token));
}
