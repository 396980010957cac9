import { expect } from 'chai';
import type { WorkerAction } from '../../../src/contracts/reports.js';
import type { WorkerState } from '../../../src/contracts/worker.js';
import { healthOfState, isOver, isPossible, nextState, workerTransitions } from '../../../src/worker/states.js';

const states = Object.keys(workerTransitions) as WorkerState[];

describe('worker states', () => {
  it('are those of the contract', () => {
    expect(states).to.have.members(
      'created waiting starting running paused backing-off standby stopping completed stopped failed'.split(' '),
    );
  });

  it('lead only to states that exist', () => {
    for (const next of Object.values(workerTransitions)) expect(states).to.include.members(Object.values(next));
  });

  it('can all be reached from "created", except "standby", which has no way in yet', () => {
    const reached = new Set<WorkerState>(['created']);
    for (const state of reached) for (const next of Object.values(workerTransitions[state])) reached.add(next);
    expect(states.filter((state) => !reached.has(state))).to.deep.equal(['standby']);
  });

  it('lead to rest from everywhere: no worker is caught in a state', () => {
    for (const start of states.filter((state) => state !== 'standby')) {
      const reached = new Set<WorkerState>([start]);
      for (const state of reached) for (const next of Object.values(workerTransitions[state])) reached.add(next);
      expect([...reached].some(isOver), start).to.equal(true);
    }
  });

  it('have no transition for what cannot happen', () => {
    expect(nextState('created', 'ready')).to.equal(undefined);
    expect(nextState('running', 'start')).to.equal(undefined);
    expect(nextState('completed', 'stop')).to.equal(undefined);
  });

  const possible: [WorkerAction, WorkerState[]][] = [
    ['pause', ['running', 'paused']],
    ['resume', ['running', 'paused']],
    ['run', ['running', 'paused']],
    ['start', states],
    ['stop', states],
    ['restart', states],
  ];
  for (const [action, inStates] of possible) {
    it(`take "${action}" in ${inStates === states ? 'every state' : inStates.join(' and ')}`, () => {
      expect(states.filter((state) => isPossible(action, state))).to.deep.equal(inStates);
    });
  }

  const facts = { waitingFor: ['db', 'mail'], pausedBy: 'ada', hasCompleted: false, error: 'no route' };
  const healths: [WorkerState, string | undefined, string?][] = [
    ['created', 'unhealthy', 'created'],
    ['waiting', 'unhealthy', 'waits for db, mail'],
    ['starting', 'unhealthy', 'starting'],
    ['running', undefined],
    ['paused', 'degraded', 'paused by ada'],
    ['backing-off', 'degraded', 'will be started again after: no route'],
    ['standby', 'ok', 'standby'],
    ['stopping', 'unhealthy', 'stopping'],
    ['completed', 'ok', 'completed'],
    ['stopped', 'unhealthy', 'stopped'],
    ['failed', 'unhealthy', 'failed: no route'],
  ];
  for (const [state, status, reason] of healths) {
    it(`say about the health of a worker that is ${state}: ${status === undefined ? 'nothing' : `${status}, ${reason ?? ''}`}`, () => {
      const health = healthOfState(state, facts);
      expect([health?.status, health?.reason]).to.deep.equal([status, reason]);
    });
  }

  it('find nothing wrong with a worker that has completed, and goes down for that or is to be started again', () => {
    expect(healthOfState('backing-off', { ...facts, error: undefined })?.status).to.equal('ok');
    expect(healthOfState('stopping', { ...facts, hasCompleted: true })?.status).to.equal('ok');
  });
});
