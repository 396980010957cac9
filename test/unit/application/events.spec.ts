import { expect } from 'chai';
import { inject } from 'inversify';
import {
  createApplication,
  every,
  fatal,
  RoutineWorker,
  tokens,
  worker,
  type ApplicationEvent,
  type ApplicationEvents,
  type Outcome,
  type WorkerContext,
} from 'plba';
import { testApplication } from 'plba/testing';
import { moduleOf, QuietWorker } from '../../support/modules.js';

@worker({ name: 'quiet', trigger: every('1h') })
class Quiet extends QuietWorker {}

@worker({ name: 'after', trigger: every('1h'), needs: ['quiet'] })
class After extends QuietWorker {}

@worker({ name: 'hopeless', trigger: every('1m') })
class Hopeless extends RoutineWorker {
  protected run(): Promise<Outcome> {
    return Promise.resolve(fatal(new Error('no such ledger')));
  }
}

@worker({ name: 'dispensable', trigger: every('1m'), critical: false })
class Dispensable extends Hopeless {}

@worker({ name: 'frail', trigger: every('1h'), restart: { backoff: { initial: '1s', jitter: 0 } } })
class Frail extends QuietWorker {
  private lives = 0;

  override async start(context: WorkerContext): Promise<void> {
    await super.start(context);
    if (this.lives++ > 0) return;
    context.clock.setTimer(1_000, () => {
      context.fail(new Error('broken pipe'));
    });
  }
}

/** The changes of state among the events, a line each; that of a worker begins with its name. */
function changes(events: readonly ApplicationEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case 'application-state':
        return [`application ${event.from} > ${event.to}: ${event.reason ?? '-'}`];
      case 'worker-state':
        return [`${event.worker} ${event.from} > ${event.to}: ${event.why}`];
      default:
        return [];
    }
  });
}

describe('application events', () => {
  it('tell the whole life of an application and its workers, in order, to whoever subscribed before the start', async () => {
    const heard: ApplicationEvent[] = [];
    const app = createApplication(
      moduleOf('small', (module) => {
        module.worker(After);
        module.worker(Quiet);
      }),
      {
        directory: '/nonexistent',
        env: {},
        config: { plba: { control: { enabled: false } } },
        logDestination: { write: () => undefined },
      },
    );
    app.events.subscribe((event) => void heard.push(event));
    await app.start();
    await app.stop('enough');
    expect(changes(heard)).to.deep.equal([
      'application created > starting: -',
      'after created > waiting: need',
      'quiet created > starting: order',
      'quiet starting > running: order',
      'after waiting > starting: need',
      'after starting > running: need',
      'application starting > running: -',
      'application running > stopping: enough',
      'after running > stopping: order',
      'after stopping > stopped: order',
      'quiet running > stopping: order',
      'quiet stopping > stopped: order',
      'application stopping > stopped: enough',
    ]);
    expect(heard.map(({ sequence }) => sequence)).to.deep.equal(heard.map((_, index) => index + 1));
    const waits = heard.find((event) => event.type === 'worker-state');
    expect(waits).to.deep.include({ worker: 'after', waitingFor: ['quiet'] });
  });

  it('say why a worker goes down and comes up again', async () => {
    await using app = await testApplication(
      moduleOf('small', (module) => {
        module.worker(Frail);
      }),
    ).start();
    const heard: ApplicationEvent[] = [];
    app.events.subscribe((event) => void heard.push(event));
    await app.until('frail', 'backing-off');
    await app.until('frail', 'running');
    expect(changes(heard)).to.deep.equal([
      'frail running > stopping: end',
      'frail stopping > backing-off: end',
      'frail backing-off > starting: restart',
      'frail starting > running: restart',
    ]);
    const backedOff = heard.find((event) => event.type === 'worker-state' && event.to === 'backing-off');
    expect(backedOff).to.have.nested.property('error.message', 'broken pipe');
  });

  it('tell a worker that is given up from one whose loss stops the application', async () => {
    for (const [type, end] of [
      [Dispensable, 'dispensable stopping > failed: escalation'],
      [Hopeless, 'hopeless stopping > failed: loss'],
    ] as const) {
      const app = await testApplication(
        moduleOf('small', (module) => {
          module.worker(type);
        }),
      ).start();
      const heard: ApplicationEvent[] = [];
      app.events.subscribe((event) => void heard.push(event));
      await app.advance('2m');
      expect(changes(heard)).to.include(end);
      await app.stop();
    }
  });

  it('can be injected, and a listener that throws is logged and harms nobody', async () => {
    @worker({ name: 'listener', trigger: every('1h') })
    class Listener extends QuietWorker {
      constructor(@inject(tokens.ApplicationEvents) readonly events: ApplicationEvents) {
        super();
        events.subscribe(() => {
          throw new Error('no ears');
        });
      }
    }
    await using app = await testApplication(
      moduleOf('small', (module) => {
        module.worker(Listener);
      }),
    ).start();
    const complaints = app.logs().filter(({ msg }) => msg === 'a listener to application events threw');
    expect(complaints.length).to.be.at.least(3);
    expect(complaints[0]).to.have.nested.property('err.message', 'no ears');
  });
});
