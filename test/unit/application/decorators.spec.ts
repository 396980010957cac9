import { expect } from 'chai';
import type { Newable } from 'inversify';
import {
  continuously,
  controlRoute,
  createApplication,
  cron,
  every,
  healthContributor,
  RoutineWorker,
  worker,
  type ControlRouteOptions,
  type HealthContributorOptions,
  type PlbaError,
  type Trigger,
  type Worker,
} from 'plba';
import { caught } from '../../support/caught.js';
import { moduleOf, QuietWorker } from '../../support/modules.js';

const embedded = {
  directory: '/nonexistent',
  env: {},
  config: { plba: { control: { enabled: false }, logging: { level: 'silent' } } },
};

/** What the start says of a worker with these options, as somebody without a compiler might write them. */
function refusalOf(options: object, type: Newable<Worker> = class Sync extends QuietWorker {}): Promise<PlbaError> {
  worker({ name: 'sync', ...options })(type);
  return startOf((module) => {
    module.worker(type);
  });
}

function startOf(assemble: Parameters<typeof moduleOf>[1]): Promise<PlbaError> {
  return caught(() => createApplication(moduleOf('m', assemble), embedded).start());
}

describe('what stands in a decorator', () => {
  const wrong: [what: string, options: object, message: string, hint: string][] = [
    ['an unknown option', { timeOut: '5s' }, 'worker "sync" has an option "timeOut"', 'did you mean timeout?'],
    ['an option of configuration only', { enabled: false }, 'worker "sync" has an option "enabled"', 'there are: name'],
    ['an unknown option further in', { stop: { drin: '5s' } }, '"stop.drin"', 'did you mean drain?'],
    [
      'one further in still',
      { restart: { backoff: { inital: 1 } } },
      '"restart.backoff.inital"',
      'did you mean initial?',
    ],
    ['a word for a list', { needs: 'ledger' }, 'option "needs" of worker "sync" is "ledger"', 'must be a list'],
    ['a word for yes or no', { critical: 'no' }, 'option "critical" of worker "sync" is "no"', 'true or false'],
    [
      'a word that is none',
      { restart: { on: 'always' } },
      'option "restart.on" of worker "sync" is "always"',
      '"exit"',
    ],
    ['a number for an object', { stop: 5 }, 'option "stop" of worker "sync" is 5', 'an object'],
    ['a count out of range', { ledger: 0 }, 'option "ledger" of worker "sync" is 0', 'from 1'],
  ];
  for (const [what, options, message, hint] of wrong) {
    it(`is refused with the worker, the option, and what to write: ${what}`, async () => {
      const error = await refusalOf(options);
      expect(error).to.include({ code: 'OPTION_INVALID' });
      expect(error.message).to.include(message);
      expect(error.hint).to.include(hint);
    });
  }

  const ill: [what: string, trigger: () => unknown, code: string, message: string][] = [
    ['every()', () => every('5 minutes' as '5m'), 'DURATION_INVALID', 'every(period) is not a duration: "5 minutes"'],
    ['every(0)', () => every(0), 'TRIGGER_INVALID', 'every(0)'],
    ['jitter', () => every('5s', { jitter: 2 }), 'TRIGGER_INVALID', 'jitter: 2'],
    ['idle', () => continuously({ idle: 'soon' as '1s' }), 'DURATION_INVALID', '"soon"'],
    ['overlap', () => cron('* * * * *', { overlap: 'queue' as 'skip' }), 'TRIGGER_INVALID', 'overlap: "queue"'],
    ['a word', () => 'once', 'TRIGGER_INVALID', 'is no trigger'],
  ];
  for (const [what, trigger, code, message] of ill) {
    it(`may be a trigger that is wrong, and the worker is named: ${what}`, async () => {
      const error = await refusalOf({ trigger: trigger() as Trigger });
      expect(error).to.include({ code });
      expect(error.message).to.include('option "trigger" of worker "sync"').and.include(message);
    });
  }

  it('is a duration that is wrong, and the worker and the option are named', async () => {
    for (const [options, option] of [
      [{ timeout: '5 minutes' }, 'timeout'],
      [{ health: { staleAfter: 'never' } }, 'health.staleAfter'],
      [{ retry: { initial: -1 } }, 'option "retry"'],
    ] as const) {
      const error = await refusalOf(options);
      expect(error).to.include({ code: 'DURATION_INVALID' });
      expect(error.message).to.include('worker "sync"').and.include(option);
    }
  });

  it('is looked at for health contributors and control routes as well', async () => {
    class Ledger {
      check(): 'ok' {
        return 'ok';
      }
    }
    healthContributor({ name: 'ledger', evry: '5s' } as HealthContributorOptions)(Ledger);
    const ofHealth = await startOf((module) => {
      module.healthContributor(Ledger);
    });
    expect(ofHealth).to.include({ code: 'OPTION_INVALID', hint: 'did you mean every?' });
    expect(ofHealth.message).to.include('health contributor "ledger" has an option "evry"');

    class Balance {
      handle(): object {
        return {};
      }
    }
    const options = { method: 'GET', path: '/balance', authority: 'read', sumary: 'x' };
    controlRoute(options as ControlRouteOptions)(Balance);
    const ofRoute = await startOf((module) => {
      module.controlRoute(Balance);
    });
    expect(ofRoute).to.include({ code: 'CONTROL_ROUTE_INVALID' });
    expect(ofRoute.message).to.include('"sumary"').and.include('did you mean summary?');
  });
});

describe('a tagged class', () => {
  it('that lacks what the platform calls is refused with its name, what it lacks, and what to do', async () => {
    class Forgetful {
      stop(): void {}
      status(): object {
        return {};
      }
    }
    const error = await refusalOf({}, Forgetful as unknown as Newable<Worker>);
    expect(error).to.include({ code: 'DECORATOR_MISUSED' });
    expect(error.message).to.include('worker "sync" (class Forgetful of module "m") has no start(), health()');
    expect(error.hint).to.include('extend RoutineWorker and write run()');
  });

  it('that extends RoutineWorker and has no run() is refused likewise', async () => {
    class Idle extends (RoutineWorker as unknown as Newable<Worker>) {}
    const error = await refusalOf({}, Idle);
    expect(error.message).to.include('class Idle of module "m") has no run()');
    expect(error.hint).to.equal('write run()');
  });

  it('that is a health contributor without check() is refused likewise', async () => {
    class Silent {}
    healthContributor({ name: 'silent' })(Silent as unknown as Newable<{ check(): 'ok' }>);
    const error = await startOf((module) => {
      module.healthContributor(Silent as unknown as Newable<{ check(): 'ok' }>);
    });
    expect(error.message).to.include('health contributor "silent" (class Silent of module "m") has no check()');
  });
});
