// Shows health computed from runs: a file next to this one stands for a partner's system. While it exists, the partner is away.
//
//   watch npm run -s plba -- health --app health   what an operator sees
//   curl -si localhost:8090/health/ready           what a probe sees
//   touch samples/04-health/partner-is-away        switches the partner off: degraded at once, unhealthy after three bad checks
//   rm samples/04-health/partner-is-away           switches him on: recovery by itself, after two good checks
//
// Every change of health is one log line. Liveness stays ok all the time: restarting would not bring the partner back.
// Ctrl-C ends it.
import 'reflect-metadata';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, injectable } from 'inversify';
import {
  ApplicationModule,
  blocked,
  every,
  healthContributor,
  RoutineWorker,
  runApplication,
  worked,
  worker,
  type Health,
  type HealthContributor,
  type ModuleBuilder,
  type Outcome,
} from 'plba';

const switchFile = process.env['PARTNER_SWITCH'] ?? join('samples', '04-health', 'partner-is-away');

@injectable()
class Partner {
  isAway(): Promise<boolean> {
    return access(switchFile).then(
      () => true,
      () => false,
    );
  }
}

@worker({
  name: 'orders',
  trigger: every('1s', { immediately: true }),
  retry: { initial: '1s', max: '2s' },
  health: { degradedAfter: 2, staleAfter: '15s' },
})
class OrdersWorker extends RoutineWorker {
  constructor(@inject(Partner) private readonly partner: Partner) {
    super();
  }

  protected override async run(): Promise<Outcome> {
    if (await this.partner.isAway()) return blocked('the partner is away');
    return worked({ items: 1 });
  }
}

@healthContributor({
  name: 'partner',
  groups: ['ready'],
  every: '1s',
  timeout: '500ms',
  unhealthyAfter: 3,
  recoverAfter: 2,
})
class PartnerHealth implements HealthContributor {
  constructor(@inject(Partner) private readonly partner: Partner) {}

  async check(): Promise<Health> {
    if (await this.partner.isAway()) return { status: 'unhealthy', reason: `${switchFile} exists` };
    return { status: 'ok' };
  }
}

class HealthModule extends ApplicationModule {
  readonly name = 'health';

  override assemble(module: ModuleBuilder): void {
    module.bind(Partner).toSelf().inSingletonScope();
    module.worker(OrdersWorker);
    module.healthContributor(PartnerHealth);
  }
}

void runApplication(HealthModule);
