import { expect } from 'chai';
import { EventEmitter } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Worker as Thread } from 'node:worker_threads';
import { once, RoutineWorker, tokens, worker, type WorkerContext } from 'plba';
import { testApplication, type TestApplication } from 'plba/testing';
import { caught } from '../../support/caught.js';
import { moduleOf } from '../../support/modules.js';

/** Starts an application whose one worker does `work` in its first run. */
async function applicationThat(work: (context: WorkerContext) => unknown): Promise<TestApplication> {
  @worker({ name: 'opener', trigger: once() })
  class Opener extends RoutineWorker {
    private context: WorkerContext | undefined;
    override start(context: WorkerContext): void | Promise<void> {
      this.context = context;
      return super.start(context);
    }
    protected async run(): Promise<void> {
      await work(this.context!);
    }
  }
  const module = moduleOf('leaky', (builder) => {
    builder.worker(Opener);
  });
  const app = await testApplication(module).start();
  await app.until('opener', 'completed');
  return app;
}

/** The place of the leak comes first, then what called it. */
const openedHere = /opened at (?:[\w.]+ \()?\S*leaks\.spec\.ts:\d+:\d+\)? < .*Opener\.run/;

/** What the stop of such an application rejects with. */
const leakOf = async (work: (context: WorkerContext) => unknown) => {
  const app = await applicationThat(work);
  return caught(() => app.stop());
};

describe('a stop that leaves something behind', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  it('fails on a timer of the clock', async () => {
    const error = await leakOf(({ clock }) => {
      clock.setTimer(60_000, () => undefined);
    });
    expect(error).to.include({ code: 'TEST_LEAKED' });
    expect(error.message).to.include('left 1 timer behind').and.match(openedHere);
  });

  it('fails on a timer of Node.js', async () => {
    const error = await leakOf(() => {
      const timer = setTimeout(() => undefined, 60_000);
      cleanups.push(() => {
        clearTimeout(timer);
      });
    });
    expect(error.message).to.include('left 1 timer behind').and.include('setTimeout of 60000 ms');
    expect(error.message).to.match(openedHere);
  });

  it('fails on an interval, also on one that would let the process end', async () => {
    const error = await leakOf(() => {
      const timer = setInterval(() => undefined, 1_000).unref();
      cleanups.push(() => {
        clearInterval(timer);
      });
    });
    expect(error.message).to.include('setInterval every 1000 ms').and.match(openedHere);
  });

  it('fails on a listener on the process', async () => {
    const listener = () => undefined;
    cleanups.push(() => process.off('SIGUSR2', listener));
    const error = await leakOf(() => {
      process.on('SIGUSR2', listener);
    });
    expect(error.message).to.include('1 listener').and.include('"SIGUSR2" on process').and.match(openedHere);
  });

  it('fails on a listener on an emitter that the test has handed in', async () => {
    class Mailbox extends EventEmitter {}
    const mailbox = new Mailbox();
    const error = await leakOf(() => mailbox.once('mail', () => undefined));
    expect(error.message).to.include('"mail" on Mailbox');
  });

  it('fails on a server and on a socket, and names their addresses', async () => {
    let server: Server | undefined;
    let socket: Socket | undefined;
    cleanups.push(() => {
      socket?.destroy();
      server?.close();
    });
    const error = await leakOf(async () => {
      const listening = createServer((accepted) => accepted.on('error', () => undefined));
      server = listening;
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      const { port } = listening.address() as { port: number };
      const connected = connect(port, '127.0.0.1');
      socket = connected;
      await new Promise((resolve) => connected.once('connect', resolve));
    });
    expect(error.message)
      .to.match(/TCP server 127\.0\.0\.1:\d+/)
      .and.match(/TCP 127\.0\.0\.1:\d+/);
    for (const line of error.message.split('\n').slice(1)) expect(line).to.match(openedHere);
  });

  it('fails on a thread', async () => {
    const error = await leakOf(async () => {
      const thread = new Thread('setInterval(() => {}, 1000)', { eval: true });
      cleanups.push(() => thread.terminate());
      await new Promise((resolve) => thread.once('online', resolve));
    });
    expect(error.message).to.include('1 thread').and.match(openedHere);
  });

  it('is told all of it at once, and shows it while it runs', async () => {
    const app = await applicationThat(() => {
      const timers = [setTimeout(() => undefined, 60_000), setTimeout(() => undefined, 60_000)];
      cleanups.push(() => {
        timers.forEach(clearTimeout);
      });
      process.on('SIGUSR2', ignore);
      cleanups.push(() => process.off('SIGUSR2', ignore));
    });
    expect(app.leaks().map(({ kind }) => kind)).to.deep.equal(['timer', 'timer', 'listener']);
    expect((await caught(() => app.stop())).message).to.include('2 timers, 1 listener');
  });

  it('can be meant', async () => {
    const app = await applicationThat(({ clock }) => clock.setTimer(60_000, () => undefined));
    expect((await app.stop({ leaks: 'ignore' })).exitCode).to.equal(0);
  });
});

describe('a stop that leaves nothing behind', () => {
  it('takes what was closed for closed', async () => {
    const app = await applicationThat(async ({ clock }) => {
      clock.setTimer(60_000, () => undefined).cancel();
      clearTimeout(setTimeout(() => undefined, 60_000));
      await new Promise((resolve) => setTimeout(resolve, 1));
      process.on('SIGUSR2', ignore).off('SIGUSR2', ignore);
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, resolve));
      const { port } = server.address() as { port: number };
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          server.close();
          resolve();
        });
      });
      await new Thread('', { eval: true }).terminate();
    });
    expect((await app.stop()).exitCode).to.equal(0);
  });

  it('does not count what goes with the application: listeners on emitters of its own', async () => {
    const app = await applicationThat(() => new EventEmitter().on('mail', () => undefined));
    await app.stop();
  });

  it('does not count a deadline that lets the process end', async () => {
    const app = await applicationThat(() => AbortSignal.timeout(60_000));
    await app.stop();
  });

  it('does not count what the test itself has open, nor another application', async () => {
    let ofOther: NodeJS.Timeout | undefined;
    const other = await applicationThat(() => {
      ofOther = setTimeout(() => undefined, 60_000);
    });
    const app = await applicationThat(() => undefined);
    const timer = setTimeout(() => undefined, 60_000);
    process.on('SIGUSR2', ignore);
    await app.advance('1h');
    await app.stop();
    clearTimeout(timer);
    process.off('SIGUSR2', ignore);
    expect(other.leaks()).to.have.length(1);
    clearTimeout(ofOther);
    expect(other.leaks()).to.have.length(0);
    await other.stop();
  });

  it('leaves the process as it was: no hook, no replaced method', async () => {
    const { prototype } = EventEmitter as unknown as { prototype: Record<string, unknown> };
    const methods = () => [prototype['on'], prototype['addListener'], prototype['prependListener']];
    const before = methods();
    const app = await applicationThat(() => undefined);
    expect(methods()).not.to.deep.equal(before);
    await app.stop();
    expect(methods()).to.deep.equal(before);
    expect(app.get(tokens.Clock)).to.equal(app.clock);
  });
});

function ignore(): void {
  // A listener that does nothing.
}
