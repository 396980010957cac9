import type { Clock } from '../contracts/clock.js';
import type {
  ApplicationEvent,
  ApplicationEventBody,
  ApplicationEventListener,
  ApplicationEvents,
} from '../contracts/events.js';
import type { EventSink } from './event-sink.js';

interface Subscription {
  readonly listener: ApplicationEventListener;
  /** Sequence number of the last event that it is too late for. */
  readonly after: number;
}

/**
 * All events of one application, on their way from whoever makes them happen to whoever listens. Everybody hears them in
 * the same order: what happens while others are told is told after that.
 */
export class EventBus implements EventSink, ApplicationEvents {
  private readonly subscriptions = new Set<Subscription>();
  private readonly untold: ApplicationEvent[] = [];
  private sequence = 0;
  private isTelling = false;
  private onError: (error: unknown) => void = () => undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  get isHeard(): boolean {
    return this.subscriptions.size > 0;
  }

  /** From now on `onError` is told what listeners throw. Before, it is lost. */
  reportErrorsTo(onError: (error: unknown) => void): void {
    this.onError = onError;
  }

  subscribe(listener: ApplicationEventListener): () => void {
    // An entry of its own: the same listener given twice is called twice, and each ends for itself.
    const subscription = { listener, after: this.sequence };
    this.subscriptions.add(subscription);
    return () => {
      this.subscriptions.delete(subscription);
    };
  }

  publish(body: ApplicationEventBody): void {
    if (!this.isHeard) return;
    this.untold.push({ sequence: ++this.sequence, at: new Date(this.clock.now()), ...body });
    if (!this.isTelling) this.tellAll();
  }

  private tellAll(): void {
    this.isTelling = true;
    for (let event = this.untold.shift(); event !== undefined; event = this.untold.shift()) {
      for (const subscription of this.subscriptions) {
        if (event.sequence > subscription.after) this.tell(subscription, event);
      }
    }
    this.isTelling = false;
  }

  private tell({ listener }: Subscription, event: ApplicationEvent): void {
    try {
      listener(event)?.catch(this.onError);
    } catch (error) {
      this.onError(error);
    }
  }
}
