import type { ApplicationState } from '../../contracts/application.js';
import type { OperatorView } from '../../contracts/reports.js';
import { Refusal } from '../refusal.js';

const over: readonly ApplicationState[] = ['stopping', 'stopped', 'failed'];

/**
 * Refuses what an application that goes down should not begin any more.
 * @throws Refusal `CONTROL_STOPPING`
 */
export function refuseWhileStopping(view: Pick<OperatorView, 'status'>): void {
  const { state } = view.status();
  if (over.includes(state)) throw new Refusal('CONTROL_STOPPING', `the application is ${state}`, { facts: { state } });
}
