import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { IsInt, IsString, Min } from 'class-validator';
import { inject } from 'inversify';
import {
  ApplicationModule,
  configRef,
  configuration,
  createApplication,
  continuously,
  RoutineWorker,
  secret,
  tokens,
  worker,
  type Application,
  type ApplicationEvent,
  type ConfigRef,
  type ModuleBuilder,
  type ReloadReport,
} from 'plba';
import { ConfigurationError } from '../../../src/config/violation.js';

@configuration('followed')
class FollowedConfig {
  @IsInt() @Min(1) size = 1;
  @secret() key = 'first-secret-key';
}

@configuration('copied')
class CopiedConfig {
  @IsInt() size = 1;
}

@configuration('both')
class BothConfig {
  @IsString() name = 'one';
}

@worker({ name: 'sync', trigger: continuously({ idle: '1h' }), timeout: '1m' })
class Sync extends RoutineWorker {
  constructor(
    @inject(configRef(FollowedConfig)) readonly followed: ConfigRef<FollowedConfig>,
    @inject(CopiedConfig) readonly copied: CopiedConfig,
    @inject(BothConfig) readonly bothCopied: BothConfig,
    @inject(configRef(BothConfig)) readonly both: ConfigRef<BothConfig>,
  ) {
    super();
  }

  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

@worker({ name: 'extra', trigger: continuously({ idle: '1h' }) })
class Extra extends RoutineWorker {
  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

class ReloadModule extends ApplicationModule {
  readonly name = 'reloading';

  override assemble(module: ModuleBuilder): void {
    for (const config of [FollowedConfig, CopiedConfig, BothConfig]) module.config(config);
    module.worker(Sync);
    module.worker(Extra);
  }
}

describe('a reload of the configuration', () => {
  let directory: string;
  let application: Application;
  let events: ApplicationEvent[];
  const lines: Record<string, unknown>[] = [];

  const write = (text: string): void => {
    writeFileSync(join(directory, 'config', 'application.yaml'), text);
  };
  const start = async (): Promise<Sync> => {
    lines.length = 0;
    application = createApplication(ReloadModule, {
      directory,
      env: {},
      config: { plba: { control: { enabled: false } } },
      logDestination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    });
    events = [];
    await application.start();
    application.events.subscribe((event) => void events.push(event));
    return application.get(Sync);
  };
  const refusal = async (): Promise<ConfigurationError> => {
    const error = await application.operator.reload('test').catch((thrown: unknown) => thrown);
    if (error instanceof ConfigurationError) return error;
    throw new Error('the reload was not refused');
  };
  const effects = ({ changes }: ReloadReport): unknown => changes.map(({ path, effect }) => [path, effect]);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'plba-reload-'));
    mkdirSync(join(directory, 'config'));
  });

  afterEach(async () => {
    await application.stop();
    rmSync(directory, { recursive: true });
  });

  it('reaches who follows a section, and says who has a copy', async () => {
    const sync = await start();
    const seen: unknown[] = [];
    sync.followed.onChange((now, before) => seen.push([now.size, before.size]));
    write('followed: { size: 2 }\ncopied: { size: 2 }\nboth: { name: two }');
    const report = await application.operator.reload('test');
    expect(effects(report)).to.deep.equal([
      ['both.name', 'partly'],
      ['copied.size', 'restart'],
      ['followed.size', 'live'],
    ]);
    expect(report.needsRestart).to.deep.equal(['both.name', 'copied.size']);
    expect(lines.at(-1)?.['msg']).to.equal(
      'configuration was reloaded, 3 values changed; from the next start: copied.size; ' +
        'now for who follows the section, for others from the next start: both.name',
    );
    expect(report.changes[2]).to.deep.equal({
      path: 'followed.size',
      before: 1,
      after: 2,
      source: 'config/application.yaml:1',
      effect: 'live',
    });
    expect([sync.followed.current.size, sync.copied.size, sync.both.current.name]).to.deep.equal([2, 1, 'two']);
    expect(Object.isFrozen(sync.followed.current)).to.equal(true);
    expect(seen).to.deep.equal([[2, 1]]);
    expect(application.get(CopiedConfig).size).to.equal(2);
  });

  it('is told to config.onChange once, with what has changed, and not when nothing has', async () => {
    await start();
    const reports: ReloadReport[] = [];
    const config = application.get(tokens.Configuration);
    const end = config.onChange((report) => {
      reports.push(report);
      throw new Error('a listener of the application');
    });
    await application.operator.reload('test');
    write('followed: { size: 3 }');
    await application.operator.reload('test');
    end();
    write('followed: { size: 4 }');
    await application.operator.reload('test');
    expect(reports.map(effects)).to.deep.equal([[['followed.size', 'live']]]);
    expect(config.get(FollowedConfig).size).to.equal(4);
    expect(lines.some(({ msg }) => msg === 'a listener to configuration threw')).to.equal(true);
  });

  it('changes nothing when anything is wrong, says all of it, degrades health, and recovers with the next one', async () => {
    const sync = await start();
    write('followed: { size: 0, sise: 1 }\ncopied: { size: 7 }\nplba: { logging: { level: debug } }');
    const { violations } = await refusal();
    expect(violations.map(({ path }) => path)).to.deep.equal(['followed.sise', 'followed.size']);
    expect([sync.followed.current.size, application.get(CopiedConfig).size]).to.deep.equal([1, 1]);
    expect(application.operator.logging().loggers['default']?.effective).to.equal('info');
    expect(application.operator.configuration().refused?.reason).to.include('followed.sise is unknown');
    const member = application.operator.health()?.contributors['plba.configuration'];
    expect(member).to.include({ status: 'degraded' });
    expect(member?.reason).to.include('a reload was refused: followed.sise is unknown');
    expect(application.operator.health('ready')?.status).to.equal('ok');

    write('followed: { size: 5 }');
    await application.operator.reload('test');
    await new Promise((resolve) => setImmediate(resolve));
    expect(application.operator.health()?.status).to.equal('ok');
    expect(application.operator.configuration()).not.to.have.property('refused');
  });

  it('changes nothing once the application stops, whoever asked for it and when', async () => {
    const sync = await start();
    write('followed: { size: 2 }');
    const askedBefore = application.operator.reload('test').catch((thrown: unknown) => thrown);
    // It is under way then: it has begun, and no file has been read yet.
    for (let turn = 0; turn < 3; turn++) await Promise.resolve();
    const stopped = application.stop();
    const askedMeanwhile = application.operator.reload('SIGHUP').catch((thrown: unknown) => thrown);
    for (const refused of [askedBefore, askedMeanwhile])
      expect(await refused).to.include({ code: 'APPLICATION_STATE' });
    await stopped;
    expect(sync.followed.current.size).to.equal(1);
    expect(lines.filter(({ msg }) => String(msg).includes('the application stops'))).to.have.length(2);
  });

  it('is refused for what the platform checks by itself, such as a trigger, a budget or a health group', async () => {
    await start();
    for (const [text, said] of [
      ['plba: { workers: { sync: { trigger: { cron: "61 * * * *" } } } }', 'sync'],
      ['plba: { shutdown: { timeout: 2m } }', 'plba.shutdown'],
      ['plba: { workers: { sync: { needs: [nobody] } } }', 'nobody'],
      [
        'plba: { health: { groups: { storage: { include: [nobody] } } } }',
        'plba.health.groups.storage: names "nobody"',
      ],
      ['plba: { health: { groups: { "no route": {} } } }', 'plba.health.groups.no route'],
      ['plba: { health: { groups: { live: { include: ["*"] } } } }', 'plba.health.groups.live'],
      ['plba: { health: { contributors: { nobody: { every: 5s } } } }', 'plba.health.contributors.nobody: is unknown'],
    ] as const) {
      write(text);
      expect((await refusal()).message, text).to.include(said);
    }
  });

  it('puts levels and the mechanics of workers in force, and says what counts from the next start', async () => {
    const sync = await start();
    write(`plba:
  logging: { levels: { sync: debug } }
  control: { port: 9999 }
  workers: { sync: { timeout: 5s, retry: { initial: 3s }, stop: { drain: 1s }, health: { degradedAfter: 1 }, trigger: once } }`);
    const report = await application.operator.reload('test');
    expect(effects(report)).to.deep.equal([
      ['plba.control.port', 'restart'],
      ['plba.logging.levels.sync', 'live'],
      ['plba.workers.sync.health.degradedAfter', 'live'],
      ['plba.workers.sync.retry.initial', 'live'],
      ['plba.workers.sync.stop.drain', 'live'],
      ['plba.workers.sync.timeout', 'live'],
      ['plba.workers.sync.trigger', 'restart'],
    ]);
    const options = application.operator.worker('sync')?.options;
    expect(options).to.deep.include({ timeoutMs: 5_000, stop: { drainMs: 1_000, abortMs: 2_000 } });
    expect([options?.retry.initialMs, options?.health.degradedAfter]).to.deep.equal([3_000, 1]);
    expect(options?.trigger?.kind).to.equal('continuously');
    expect(application.operator.logging().loggers['sync']).to.include({ configured: 'debug', effective: 'debug' });
    expect(sync).to.be.instanceOf(Sync);

    write('');
    await application.operator.reload('test');
    expect(application.operator.worker('sync')?.options).to.include({ timeoutMs: 60_000 });
  });

  it('notices that a secret has changed, shows neither, and hides both', async () => {
    const sync = await start();
    write('followed: { key: second-secret-key }');
    const report = await application.operator.reload('test');
    expect(report.changes).to.deep.equal([
      { path: 'followed.key', before: '******', after: '******', source: 'config/application.yaml:1', effect: 'live' },
    ]);
    application.get(tokens.Logger).info(`was first-secret-key, is ${sync.followed.current.key}`);
    expect(lines.at(-1)?.['msg']).to.equal('was ******, is ******');
  });

  it('is done one after the other, whatever comes at once', async () => {
    await start();
    write('followed: { size: 8 }');
    const reports = await Promise.all([1, 2, 3].map(() => application.operator.reload('test')));
    expect(reports.map(({ changes }) => changes.length)).to.deep.equal([1, 0, 0]);
  });

  it('is an event, taken or refused', async () => {
    await start();
    write('followed: { size: 8 }');
    await application.operator.reload('ann', 'the partner moved');
    write('followed: { size: many }');
    await application.operator.reload('ben', 'once more').catch(() => undefined);
    const told = events.filter(({ type }) => type === 'configuration');
    expect(told[0]).to.deep.include({ outcome: 'applied', by: 'ann', askedBecause: 'the partner moved' });
    expect(told[1]).to.deep.include({ outcome: 'refused', by: 'ben', askedBecause: 'once more' });
    const said = lines.filter(({ askedBecause }) => askedBecause !== undefined);
    expect(said.map(({ by, askedBecause }) => `${String(by)}: ${String(askedBecause)}`)).to.deep.equal([
      'ann: the partner moved',
      'ben: once more',
    ]);
  });

  it('leaves out a worker that is not enabled, and refuses one that needs it', async () => {
    write('plba: { workers: { extra: { enabled: false } } }');
    await start();
    expect(application.operator.workers().map(({ name }) => name)).to.deep.equal(['sync']);
    write('plba: { workers: { extra: { enabled: false }, sync: { needs: [extra] } } }');
    expect((await refusal()).message).to.include('extra');
    await application.stop();
    const error = await start().catch((thrown: unknown) => thrown as Error);
    expect(error).to.be.instanceOf(ConfigurationError);
    expect((error as Error).message).to.include('plba.workers.extra.enabled: must be true, since worker "sync" needs');
  });
});
