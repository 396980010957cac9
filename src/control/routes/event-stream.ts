import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../contracts/clock.js';
import type { ApplicationEvent, ApplicationEvents } from '../../contracts/events.js';
import { guardingHeaders } from '../answer.js';
import type { ControlLimits } from '../control-settings.js';
import type { ToJson } from '../json-text.js';
import { Refusal } from '../refusal.js';

/** Events that are kept for clients that come back. */
const mostKept = 1_000;

/** Events of this long go out together: with many clients, writing costs more than all else. */
const gatherMs = 20;

/** What an {@link EventStream} is made of. */
export interface EventStreamParts {
  readonly events: ApplicationEvents;
  readonly clock: Clock;
  readonly limits: Pick<ControlLimits, 'maxEventClients' | 'maxEventBacklogBytes' | 'heartbeatMs'>;
  readonly toJson: ToJson;
}

/**
 * Everything that happens in the application, as server-sent events to any number of clients. Each event is written down
 * once, whoever listens. A client that does not keep up is cut off and comes back with the id of the last event that it has.
 */
export class EventStream {
  /** Client, and whether something was still unsent at the last heartbeat. */
  readonly #clients = new Map<ServerResponse, { isBehind: boolean }>();
  readonly #kept: ApplicationEvent[] = [];
  readonly #life: string;
  readonly #unsubscribe: () => void;
  #unsent: string[] = [];
  #lastSequence = 0;
  #sending: Timer | undefined;
  #beating: Timer | undefined;
  #isClosed = false;

  constructor(private readonly parts: EventStreamParts) {
    // Sequences begin anew with each life of an application; an id of another one must not be taken for one of this.
    this.#life = Math.floor(parts.clock.now()).toString(36);
    this.#unsubscribe = parts.events.subscribe((event) => {
      this.#keep(event);
    });
  }

  /** How many listen. */
  get clients(): number {
    return this.#clients.size;
  }

  /**
   * Sends events from now on, after those since `lastEventId` where that is known.
   *
   * @throws Refusal `CONTROL_STREAM_UNAVAILABLE` when there are too many clients, or it is the end
   */
  add(response: ServerResponse, lastEventId: string | undefined): void {
    if (this.#isClosed || this.#clients.size >= this.parts.limits.maxEventClients) throw unavailable(this.#isClosed);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', ...guardingHeaders });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    // What is unsent is sent to those who were here before it happened; the newcomer gets it from what is kept.
    this.#send();
    response.write(`retry: 2000\n\n${this.#since(lastEventId)}`);
    this.#clients.set(response, { isBehind: false });
    response.once('close', () => this.#clients.delete(response));
    this.#beating ??= this.#timer(this.parts.limits.heartbeatMs, () => {
      this.#beat();
    });
  }

  /** Ends all clients, after what has happened so far. */
  close(): void {
    this.#unsubscribe();
    this.#send();
    this.#isClosed = true;
    this.#beating?.cancel();
    for (const client of this.#clients.keys()) client.end();
    this.#clients.clear();
  }

  #keep(event: ApplicationEvent): void {
    this.#kept.push(event);
    if (this.#kept.length > mostKept) this.#kept.shift();
    this.#lastSequence = event.sequence;
    if (this.#clients.size === 0) return;
    this.#unsent.push(this.#text(event));
    this.#sending ??= this.#timer(gatherMs, () => {
      this.#send();
    });
  }

  #send(): void {
    this.#sending?.cancel();
    this.#sending = undefined;
    if (this.#unsent.length === 0) return;
    const bytes = Buffer.from(this.#unsent.join(''));
    this.#unsent = [];
    for (const client of this.#clients.keys()) this.#write(client, bytes);
  }

  /** A connection that is dead but was never closed takes nothing any more: two heartbeats show that. */
  #beat(): void {
    this.#beating = undefined;
    for (const [client, state] of this.#clients) {
      const isBehind = client.writableLength > 0;
      if (isBehind && state.isBehind) client.destroy();
      else this.#write(client, ': \n\n');
      state.isBehind = isBehind;
    }
    if (this.#clients.size > 0)
      this.#beating = this.#timer(this.parts.limits.heartbeatMs, () => {
        this.#beat();
      });
  }

  #write(client: ServerResponse, bytes: Buffer | string): void {
    client.write(bytes);
    if (client.writableLength > this.parts.limits.maxEventBacklogBytes) client.destroy();
  }

  /** The events after an id; what says that some are missing, where that is so; and where the stream is now. */
  #since(lastEventId: string | undefined): string {
    const here = `id: ${this.#life}-${this.#lastSequence}\n`;
    if (lastEventId === undefined || lastEventId === '') return `${here}\n`;
    const [life, digits = ''] = lastEventId.split('-');
    const last = /^\d{1,15}$/.test(digits) ? Number(digits) : NaN;
    const oldest = this.#kept[0]?.sequence ?? this.#lastSequence + 1;
    const isKnown = life === this.#life && last <= this.#lastSequence && last >= oldest - 1;
    const missed = isKnown ? this.#after(last) : undefined;
    return missed ?? `${here}event: missed\ndata: {"type":"missed"}\n\n`;
  }

  /** The events after a sequence; undefined where they are more than may wait for a client. */
  #after(last: number): string | undefined {
    const texts: string[] = [];
    let bytes = 0;
    for (const event of this.#kept) {
      if (event.sequence <= last) continue;
      const text = this.#text(event);
      bytes += Buffer.byteLength(text);
      if (bytes > this.parts.limits.maxEventBacklogBytes) return undefined;
      texts.push(text);
    }
    return texts.join('');
  }

  #text(event: ApplicationEvent): string {
    return `id: ${this.#life}-${event.sequence}\nevent: ${event.type}\ndata: ${this.parts.toJson(event)}\n\n`;
  }

  #timer(delayMs: number, callback: () => void): Timer {
    return this.parts.clock.setTimer(delayMs, callback, { keepAlive: false });
  }
}

function unavailable(isClosed: boolean): Refusal {
  const why = isClosed ? 'the application has stopped' : 'too many clients listen already';
  return new Refusal('CONTROL_STREAM_UNAVAILABLE', `there are no events: ${why}`, { headers: { 'Retry-After': '5' } });
}
