import 'reflect-metadata';
import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import type { HealthContributorOptions, MemberHealth } from '../../../src/contracts/health.js';
import {
  ApplicationModule,
  createApplication,
  diskHealth,
  eventLoopHealth,
  healthCheck,
  heapHealth,
  httpHealth,
  PlbaError,
  type HealthQuestion,
  type ModuleBuilder,
} from '../../../src/index.js';
import { diskHealthOf } from '../../../src/contributors/disk-health.js';
import { eventLoopHealthOf } from '../../../src/contributors/event-loop-health.js';
import { heapHealthOf } from '../../../src/contributors/heap-health.js';

type Contributor = ReturnType<typeof heapHealth>;

/** What an application knows of these contributors after the first answer of each. */
async function ask(contributors: readonly Contributor[]): Promise<Record<string, MemberHealth>> {
  class AskedModule extends ApplicationModule {
    readonly name = 'asked';
    override assemble(module: ModuleBuilder): void {
      for (const contributor of contributors) module.healthContributor(contributor);
    }
  }
  const application = createApplication(AskedModule, {
    config: { plba: { control: { enabled: false } } },
    logDestination: { write: () => undefined },
  });
  await application.start();
  try {
    for (;;) {
      const known = application.operator.health()?.contributors ?? {};
      if (Object.values(known).every(({ checkedAt }) => checkedAt !== undefined)) return known;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await application.stop();
  }
}

describe('ready-made health contributors', () => {
  describe('heapHealth', () => {
    const limits = { degraded: 0.8, unhealthy: 0.9 };
    for (const [used, status] of [
      [0, 'ok'],
      [79, 'ok'],
      [80, 'degraded'],
      [90, 'unhealthy'],
      [200, 'unhealthy'],
    ] as const) {
      it(`is ${status} with ${used} of 100 bytes in use`, () => {
        expect(heapHealthOf(limits, used, 100).status).to.equal(status);
      });
    }

    it('looks at the heap of the process, and says what it saw', async () => {
      const { heap } = await ask([heapHealth({ unhealthyAbove: 0, degradedAbove: 0 })]);
      expect(heap?.status).to.equal('unhealthy');
      expect(heap?.reason).to.match(/^\d+ % of the heap's limit is in use$/);
      expect(heap?.details?.['usedBytes']).to.be.greaterThan(1_000_000);
    });

    it('is fine by default', async () => {
      expect((await ask([heapHealth()]))['heap']?.status).to.equal('ok');
    });
  });

  describe('diskHealth', () => {
    const parts = { degraded: 0.1, unhealthy: 0.02 };
    const bytes = { degraded: 500, unhealthy: 100 };
    for (const [limits, free, status] of [
      [parts, 100, 'ok'],
      [parts, 99, 'degraded'],
      [parts, 19, 'unhealthy'],
      [bytes, 500, 'ok'],
      [bytes, 499, 'degraded'],
      [bytes, 99, 'unhealthy'],
    ] as const) {
      it(`is ${status} with ${free} of 1000 bytes free and limits of ${limits.degraded} and ${limits.unhealthy}`, () => {
        expect(diskHealthOf(limits, '/', free, 1_000).status).to.equal(status);
      });
    }

    it('looks at the disk of a path', async () => {
      const { disk, temp } = await ask([
        diskHealth({ degradedBelow: 1e18, unhealthyBelow: 0 }),
        diskHealth({ name: 'temp', path: tmpdir(), degradedBelow: 0, unhealthyBelow: 0 }),
      ]);
      expect(disk).to.include({ status: 'degraded' });
      expect(disk?.reason).to.match(/^\d+ MiB \([\d.]+ %\) are free$/);
      expect(temp).to.include({ status: 'ok' });
      expect(temp?.details?.['path']).to.equal(tmpdir());
    });

    it('is unhealthy when there is no such path', async () => {
      const { disk } = await ask([diskHealth({ path: '/does/not/exist' })]);
      expect(disk).to.include({ status: 'unhealthy' });
      expect(disk?.reason).to.match(/ENOENT/);
    });
  });

  describe('eventLoopHealth', () => {
    const limits = { degraded: 200, unhealthy: 2_000 };
    for (const [late, status] of [
      [0, 'ok'],
      [199, 'ok'],
      [200, 'degraded'],
      [2_000, 'unhealthy'],
    ] as const) {
      it(`is ${status} when the event loop was late by ${late} ms`, () => {
        expect(eventLoopHealthOf(limits, late).status).to.equal(status);
      });
    }

    it('sees somebody who does not let others run', async () => {
      const busyMs = 150;
      const options: HealthContributorOptions = { name: 'busy', every: '40ms' };
      const busy = healthCheck(options, () => {
        for (const until = performance.now() + busyMs; performance.now() < until;);
      });
      const loop = eventLoopHealth({ every: '50ms', degradedAbove: 100, unhealthyAbove: '1h' });
      class BusyModule extends ApplicationModule {
        readonly name = 'busy';
        override assemble(module: ModuleBuilder): void {
          module.healthContributor(busy);
          module.healthContributor(loop);
        }
      }
      const application = createApplication(BusyModule, {
        config: { plba: { control: { enabled: false } } },
        logDestination: { write: () => undefined },
      });
      await application.start();
      const seen = await new Promise<string | undefined>((resolve) => {
        const look = (): void => {
          const known = application.operator.health()?.contributors['event-loop'];
          if (known?.status === 'degraded') resolve(known.reason);
        };
        application.operator.onHealthChange(look);
      });
      await application.stop();
      expect(seen).to.match(/^the event loop was late by up to \d/);
    });
  });

  describe('httpHealth', () => {
    let server: Server;
    let origin: string;
    const asked: string[] = [];
    before(async () => {
      server = createServer((request, response) => {
        const { 'x-who': who = '', authorization = '' } = request.headers;
        asked.push(`${request.method ?? ''} ${request.url ?? ''} ${String(who)}${authorization}`);
        const [, status] = /^\/(\d+)/.exec(request.url ?? '') ?? [];
        response.writeHead(Number(status), { Location: '/200' }).end('x'.repeat(100_000));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => {
      server.close();
      server.closeAllConnections();
    });

    it('is ok for 200 to 299 and for nothing else, and follows no redirect', async () => {
      const statuses = [200, 204, 299, 302, 404, 500, 503];
      const known = await ask(statuses.map((status) => httpHealth({ name: `s${status}`, url: `${origin}/${status}` })));
      const seen = statuses.map((status) => known[`s${status}`]?.status);
      expect(seen).to.deep.equal(['ok', 'ok', 'ok', 'unhealthy', 'unhealthy', 'unhealthy', 'unhealthy']);
      expect(known['s503']?.reason).to.equal(`${origin.slice(7)}/503 answers 503`);
      expect(known['s503']?.details).to.deep.equal({ httpStatus: 503 });
    });

    it('asks as it is told: method, headers, and which status is fine', async () => {
      const known = await ask([
        httpHealth({
          name: 'a',
          url: `${origin}/401`,
          method: 'HEAD',
          headers: { 'x-who': 'me' },
          accepts: (s) => s === 401,
        }),
      ]);
      expect(known['a']?.status).to.equal('ok');
      expect(asked).to.include('HEAD /401 me');
    });

    it('sends the credentials of the URL where they belong', async () => {
      const url = new URL(`${origin}/200`);
      url.username = 'me';
      url.password = 'p w';
      const known = await ask([httpHealth({ name: 'a', url })]);
      expect(known['a']?.status).to.equal('ok');
      expect(asked).to.include(`GET /200 Basic ${Buffer.from('me:p w').toString('base64')}`);
      expect(url.password, 'left as it was').to.equal('p%20w');
    });

    it('says who does not answer and why, without the secrets of the URL', async () => {
      class Nowhere {
        readonly url = 'http://me:s3cr3t@127.0.0.1:1/ping?key=s3cr3t';
      }
      const known = await ask([
        httpHealth({ name: 'down', url: 'http://127.0.0.1:1/ping?key=s3cr3t' }),
        httpHealth({ name: 'named', url: () => new Nowhere().url }),
      ]);
      expect(known['down']?.reason).to.match(/^127\.0\.0\.1:1\/ping does not answer: /);
      expect(JSON.stringify(known)).not.to.include('s3cr3t');
      expect(known['named']?.status).to.equal('unhealthy');
    });

    it('refuses what is no URL, naming the contributor', () => {
      for (const url of ['ledger', 'ftp://ledger/', '']) {
        expect(() => httpHealth({ name: 'ledger', url }))
          .to.throw(PlbaError, /url of health contributor "ledger"/)
          .with.property('code', 'OPTION_INVALID');
      }
    });
  });

  describe('healthCheck', () => {
    const answers: [what: string, question: HealthQuestion, status: string, reason?: string][] = [
      ['nothing', () => undefined, 'ok'],
      ['nothing later', () => Promise.resolve(undefined), 'ok'],
      ['a word', () => 'degraded', 'degraded'],
      ['health', () => Promise.resolve({ status: 'degraded', reason: 'slow' }), 'degraded', 'slow'],
      [
        'with a throw',
        () => {
          throw new Error('refused');
        },
        'unhealthy',
        'refused',
      ],
      ['with a rejection', () => Promise.reject(new Error('refused')), 'unhealthy', 'refused'],
    ];
    for (const [what, question, status, reason] of answers) {
      it(`is ${status} when the function answers ${what}`, async () => {
        const known = await ask([healthCheck({ name: 'f' }, question)]);
        expect([known['f']?.status, known['f']?.reason]).to.deep.equal([status, reason]);
      });
    }

    it('gets what it needs from the container, and a signal', async () => {
      class Pool {
        size = 3;
      }
      let seen: unknown[] = [];
      const check = healthCheck({ name: 'pool' }, (signal, get) => {
        seen = [signal instanceof AbortSignal, get(Pool).size];
        return 'ok';
      });
      class PoolModule extends ApplicationModule {
        readonly name = 'pool';
        override assemble(module: ModuleBuilder): void {
          module.bind(Pool).toConstantValue(new Pool());
          module.healthContributor(check);
        }
      }
      const application = createApplication(PoolModule, {
        config: { plba: { control: { enabled: false } } },
        logDestination: { write: () => undefined },
      });
      await application.start();
      await application.stop();
      expect(seen).to.deep.equal([true, 3]);
    });
  });

  it('refuse limits that make no sense together', () => {
    for (const make of [
      () => heapHealth({ degradedAbove: 0.9, unhealthyAbove: 0.8 }),
      () => heapHealth({ degradedAbove: Number.NaN }),
      () => heapHealth({ degradedAbove: -1 }),
      () => diskHealth({ degradedBelow: 0.1, unhealthyBelow: 0.2 }),
      () => diskHealth({ degradedBelow: 1e9, unhealthyBelow: -1 }),
      () => eventLoopHealth({ degradedAbove: '2s', unhealthyAbove: '1s' }),
    ]) {
      expect(make)
        .to.throw(PlbaError, /the limits of health contributor/)
        .with.property('code', 'OPTION_INVALID');
    }
  });
});
