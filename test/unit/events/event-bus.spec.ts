import { expect } from 'chai';
import type { ApplicationEvent, ApplicationEventBody } from '../../../src/contracts/events.js';
import { EventBus } from '../../../src/events/event-bus.js';

const began: ApplicationEventBody = { type: 'application-state', from: 'created', to: 'starting' };
const runs: ApplicationEventBody = { type: 'application-state', from: 'starting', to: 'running' };

describe('the event bus', () => {
  let nowMs: number;
  let bus: EventBus;
  let heard: ApplicationEvent[];
  const hear = (event: ApplicationEvent): void => void heard.push(event);

  beforeEach(() => {
    nowMs = 1_000;
    bus = new EventBus({ now: () => nowMs });
    heard = [];
  });

  it('tells everybody what happened, when, and as which one it was', () => {
    bus.subscribe(hear);
    bus.publish(began);
    nowMs = 2_000;
    bus.publish(runs);
    expect(heard).to.deep.equal([
      { sequence: 1, at: new Date(1_000), ...began },
      { sequence: 2, at: new Date(2_000), ...runs },
    ]);
  });

  it('makes no event when nobody listens, and says so', () => {
    nowMs = Number.NaN;
    expect(bus.isHeard).to.equal(false);
    bus.publish(began);
    const end = bus.subscribe(hear);
    expect(bus.isHeard).to.equal(true);
    nowMs = 1;
    bus.publish(runs);
    end();
    expect(bus.isHeard).to.equal(false);
    bus.publish(began);
    expect(heard.map(({ sequence }) => sequence)).to.deep.equal([1]);
  });

  it('lets a listener that throws or rejects harm nobody, and reports what it threw', async () => {
    const errors: unknown[] = [];
    bus.reportErrorsTo((error) => errors.push(error));
    bus.subscribe(() => {
      throw new Error('deaf');
    });
    bus.subscribe(() => Promise.reject(new Error('late')));
    bus.subscribe(hear);
    bus.publish(began);
    expect(heard).to.have.length(1);
    await Promise.resolve();
    expect(errors.map(String)).to.deep.equal(['Error: deaf', 'Error: late']);
  });

  it('keeps one order for all, also for what listeners make happen', () => {
    const first: string[] = [];
    bus.subscribe((event) => {
      first.push(`${event.sequence}`);
      if (event.sequence === 1) bus.publish(runs);
    });
    const second: string[] = [];
    bus.subscribe((event) => void second.push(`${event.sequence}`));
    bus.publish(began);
    expect(first).to.deep.equal(['1', '2']);
    expect(second).to.deep.equal(['1', '2']);
  });

  it('tells whoever comes during an event only what happens after it, and whoever leaves nothing more', () => {
    let end = (): void => undefined;
    bus.subscribe(() => {
      end();
      end = bus.subscribe(hear);
    });
    bus.publish(began);
    expect(heard).to.deep.equal([]);
    const gone = bus.subscribe(() => expect.fail('it has left'));
    gone();
    bus.publish(runs);
    expect(heard).to.deep.equal([]);
  });

  it('calls a listener twice that has subscribed twice, and ends each for itself', () => {
    const end = bus.subscribe(hear);
    bus.subscribe(hear);
    bus.publish(began);
    end();
    bus.publish(runs);
    expect(heard.map(({ sequence }) => sequence)).to.deep.equal([1, 1, 2]);
  });
});
