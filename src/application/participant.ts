import type { Participant } from '../lifecycle/participant.js';
import type { SupervisedWorker } from '../worker/supervised-worker.js';

/** A supervised worker, as the lifecycle service sees it. */
export function asParticipant(worker: SupervisedWorker): Participant {
  return {
    name: worker.name,
    needs: worker.options.needs,
    budget: worker.options.stop,
    start: () => worker.start(),
    stop: (budget, force) => worker.stop(budget, force),
    describe: () => ({ state: worker.state, waitingFor: worker.waitingFor }),
  };
}
