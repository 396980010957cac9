import 'reflect-metadata';
import { expect } from 'chai';
import { createApplication, cron, every, healthContributor, RoutineWorker, worker, type ModuleBuilder } from 'plba';
import { ConfigurationError, type Violation } from '../../../src/config/violation.js';
import { caught } from '../../support/caught.js';
import { moduleOf } from '../../support/modules.js';

abstract class Idle extends RoutineWorker {
  protected override run(): Promise<void> {
    return Promise.resolve();
  }
}

@worker({ name: 'sync', trigger: every('1h'), needs: ['ledger'], retry: { max: '5s' } })
class Sync extends Idle {}

@worker({ name: 'report', trigger: cron('0 2 * * *'), needs: ['sync'] })
class Report extends Idle {}

@healthContributor({ name: 'ledger' })
class Ledger {
  check(): 'ok' {
    return 'ok';
  }
}

const assemble = (module: ModuleBuilder): void => {
  module.worker(Sync);
  module.worker(Report);
  module.healthContributor(Ledger);
};

async function violationsOf(
  plba: Record<string, unknown>,
  env: Record<string, string> = {},
  declare = assemble,
): Promise<readonly Violation[]> {
  const options = { config: { plba }, env, directory: '/nonexistent' };
  const error = await caught(() => createApplication(moduleOf('m', declare), options).start());
  if (error instanceof ConfigurationError) return error.violations;
  throw error;
}

const withoutControl = { control: { enabled: false } };

describe('mistakes in the settings of the platform', () => {
  it('all stand in the one report, whether their shape or their meaning is wrong', async () => {
    const found = await violationsOf(
      {
        control: { host: '0.0.0.0', probes: 'nowhere', tls: { certificate: '-----BEGIN CERTIFICATE-----' } },
        shutdown: { timeout: '40s' },
        logging: { level: 'loud' },
        health: {
          blockedAfter: '100ms',
          groups: { storage: { include: ['nobody'] } },
          contributors: { ledger: { every: 0 }, legder: {} },
        },
        telemetry: { otlp: { endpoint: 'collector' } },
        workers: {
          sync: { timeout: 'soon', retry: { initial: '10s' }, needs: ['legder'], trigger: { every: 0 } },
          report: { trigger: { cron: '61 * * * *' } },
          snyc: { timeout: '5s' },
        },
      },
      { OTHER: 'not ours' },
    );
    expect(found.map(({ path, code }) => `${path}${code === undefined ? '' : ` ${code}`}`)).to.deep.equal([
      'plba.control.host CONTROL_EXPOSED',
      'plba.control.probes CONTROL_LISTEN_FAILED',
      'plba.control.tls CONTROL_TLS_INVALID',
      'plba.health.blockedAfter OPTION_INVALID',
      'plba.health.contributors.ledger.every OPTION_INVALID',
      'plba.health.contributors.legder',
      'plba.health.groups.storage HEALTH_MEMBER_UNKNOWN',
      'plba.logging.level',
      'plba.shutdown.timeout STOP_BUDGET_EXCEEDS_GRACE',
      'plba.telemetry.otlp.endpoint TELEMETRY_INVALID',
      'plba.workers.report.trigger TRIGGER_INVALID',
      'plba.workers.snyc',
      'plba.workers.sync.needs NEEDS_UNKNOWN',
      'plba.workers.sync.retry OPTION_INVALID',
      'plba.workers.sync.timeout',
      'plba.workers.sync.trigger TRIGGER_INVALID',
    ]);
    expect(found.filter(({ hint }) => hint === undefined)).to.deep.equal([]);
    expect(found.filter(({ from }) => from === undefined)).to.deep.equal([]);
  });

  it('say what is wrong without saying twice whose setting it is', async () => {
    const workers = { sync: { retry: { initial: '10s' }, needs: ['ledgr'] } };
    const [needs, retry] = await violationsOf({ ...withoutControl, workers });
    expect(needs).to.include({ hint: 'did you mean ledger?', from: 'the code of the application' });
    expect(needs?.rule).to.equal('names "ledgr", and no worker or health contributor has that name');
    expect(retry).to.include({
      rule: 'initial (10s) is longer than max (5s)',
      hint: 'set its keys in the configuration file, below plba.workers.sync.retry, or by PLBA__WORKERS__SYNC__RETRY__…',
    });
  });

  it('name the worker that is taken out and still needed', async () => {
    const found = await violationsOf({ ...withoutControl, workers: { sync: { enabled: false } } });
    expect(found.map(({ path, rule }) => `${path} ${rule}`)).to.deep.equal([
      'plba.workers.sync.enabled must be true, since worker "report" needs "sync"',
    ]);
  });

  it('name the setting that closes a circle of needs', async () => {
    const found = await violationsOf({ ...withoutControl, workers: { report: {}, sync: { needs: ['report'] } } });
    expect(found.map(({ path, rule }) => `${path} ${rule}`)).to.deep.equal([
      'plba.workers.sync.needs workers need each other in a circle: sync -> report -> sync',
    ]);
  });

  it('are not made up of what has been said already', async () => {
    const found = await violationsOf({ control: { host: 5 }, shutdown: { timeout: 'long' } });
    expect(found.map(({ path }) => path)).to.deep.equal(['plba.control.host', 'plba.shutdown.timeout']);
  });

  for (const [code, plba] of [
    ['CONTROL_EXPOSED', { control: { host: '0.0.0.0' } }],
    ['HEALTH_GROUP_INVALID', { ...withoutControl, health: { groups: { live: { include: ['ledger'] } } } }],
    ['HEALTH_MEMBER_UNKNOWN', { ...withoutControl, health: { groups: { storage: { include: ['nobody'] } } } }],
  ] as const) {
    it(`are a failed start of their own when there is nothing but ${code}`, async () => {
      const error = await caught(() => violationsOf(plba));
      expect(error).to.include({ code }).and.to.have.property('hint');
      expect(error.message).to.match(/^plba\./);
    });
  }

  it('are no mistakes of configuration where the code has made them', async () => {
    @worker({ name: 'lost', needs: ['nobody'] })
    class Lost extends Idle {}
    const error = await caught(() =>
      violationsOf({ ...withoutControl, workers: { lost: { timeout: '5s' } } }, {}, (module) => {
        module.worker(Lost);
      }),
    );
    expect(error).to.include({ code: 'NEEDS_UNKNOWN' });
  });
});
