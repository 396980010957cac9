import type { Client } from './client.js';

/** Told about a stream of events. */
export interface StreamListener {
  /** It is open: from now on nothing is missed. */
  onOpen(): void;
  /** Something has happened. What exactly, the routes say. */
  onEvent(type: string): void;
}

/**
 * `GET /events`. The browser's own `EventSource` cannot show a token except in the address, so this reads the format itself, as far
 * as the control plane uses it.
 */
export class EventStream {
  #lastId: string | undefined;

  constructor(private readonly client: Client) {}

  /**
   * Listens until the stream ends or `signal` aborts.
   * @throws Problem when it cannot be opened
   */
  async listen(listener: StreamListener, signal: AbortSignal): Promise<void> {
    const resume = this.#lastId === undefined ? {} : { 'Last-Event-ID': this.#lastId };
    const response = await this.client.open('/events', { Accept: 'text/event-stream', ...resume }, signal);
    listener.onOpen();
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const piece = await reader?.read();
      if (piece?.value === undefined) return;
      const blocks = (rest + piece.value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block, listener);
    }
  }

  #take(block: string, listener: StreamListener): void {
    const fields = new Map(block.split(/\r?\n/).map((line) => splitField(line)));
    const id = fields.get('id');
    if (id !== undefined) this.#lastId = id;
    // A comment alone is a heartbeat.
    if (fields.has('data')) listener.onEvent(fields.get('event') ?? 'message');
  }
}

function splitField(line: string): [string, string] {
  const at = line.indexOf(':');
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, '')];
}
