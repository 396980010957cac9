import type { WorkerAction } from '../../../contracts/reports.js';
import type { Order } from './client.js';
import type { Worker } from './answers.js';
import { canBeHeld, hasRuns } from './worker-kind.js';

/** An order that a person is making up: what it does, what it asks for, and what it will send. */
export interface Draft {
  readonly title: string;
  /** What will happen, in a sentence. */
  readonly explanation: string;
  /** The word on the button. */
  readonly verb: string;
  /** How it is spoken of once it is sent, such as `stop intake`. */
  readonly what: string;
  /** What may be done harder than usual, and what is lost by it. */
  readonly force?: { readonly label: string; readonly loss: string };
  /** What has to be typed before it can be sent, since it cannot be undone. */
  readonly typed?: string;
  /** Levels to choose from, and the one to begin with. */
  readonly levels?: { readonly options: readonly string[]; readonly current: string };
  /** Makes the order of what was filled in. */
  order(fields: DraftFields): Order;
}

/** What was filled in. */
export interface DraftFields {
  readonly reason: string;
  readonly force: boolean;
  readonly level: string;
  /** After how long a level is taken back; empty for never. */
  readonly for: string;
}

/** What an action does to a worker, for people. */
function explain(worker: Worker, action: WorkerAction): string {
  const [isHeld, runs] = [canBeHeld(worker), hasRuns(worker)];
  switch (action) {
    case 'start':
      return worker.options.needs.length === 0
        ? 'It starts at once.'
        : 'It starts as soon as what it needs is ready. Health contributors among that are asked now.';
    case 'stop':
      return runs
        ? 'It begins no new run. A run in progress may finish, and is aborted when it takes too long.'
        : 'It is told to end its work, which is aborted when that takes too long.';
    case 'restart':
      return runs
        ? 'It is stopped, its run in progress may finish, and it starts again.'
        : 'It is told to end its work, and starts again.';
    case 'pause':
      return isHeld
        ? 'It begins no new run until it is resumed. A run in progress may finish. Its health is degraded meanwhile.'
        : 'It cannot be held, so it is stopped until it is resumed. Its health is degraded meanwhile.';
    case 'resume':
      return isHeld ? 'It goes on with its runs.' : 'It is started again.';
    case 'run':
      return 'It does one run now, whatever its schedule says.';
  }
}

const verbs: Readonly<Record<WorkerAction, string>> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  pause: 'Pause',
  resume: 'Resume',
  run: 'Run now',
};

/** The word for an action on its button. */
export function verbOf(action: WorkerAction): string {
  return verbs[action];
}

/** An action on a worker. */
export function workerDraft(worker: Worker, action: WorkerAction): Draft {
  const { name, currentRun } = worker;
  const run = currentRun === undefined ? 'a run in progress' : `run ${currentRun.id}`;
  const [work, who] = hasRuns(worker) ? ['the run in progress', run] : ['its work', 'it'];
  return {
    title: `${verbOf(action)}: ${name}`,
    explanation: explain(worker, action),
    verb: verbOf(action),
    what: `${action} ${name}`,
    ...((action === 'stop' || action === 'restart') && {
      force: {
        label: `Abort ${work} at once`,
        loss: `What ${who} has not finished is broken off. That cannot be undone.`,
      },
    }),
    order: ({ reason, force }) => ({
      method: 'POST',
      path: `/workers/${encodeURIComponent(name)}/${action}`,
      body: { reason, ...(force && { force }) },
    }),
  };
}

/** Another level for a logger, for a while. */
export function levelDraft(logger: string, current: string, isOverridden: boolean): Draft {
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
  return {
    title: `Level of ${logger}`,
    explanation:
      'It holds at once, for the loggers below it too, and is taken back by itself after the time you choose.',
    verb: 'Set level',
    what: `level of ${logger}`,
    levels: { options: isOverridden ? [...levels, 'inherit'] : levels, current },
    order: ({ reason, level, for: duration }) => ({
      method: 'PUT',
      path: `/loggers/${encodeURIComponent(logger)}`,
      body: { level, ...(duration !== '' && level !== 'inherit' && { for: duration }), reason },
    }),
  };
}

/** The end of the application. */
export function shutdownDraft(application: string): Draft {
  return {
    title: `Shut down ${application}`,
    explanation:
      'All workers are stopped in order, then the process ends, and this page with it. Nothing here can start it again.',
    verb: 'Shut down',
    what: `shut down ${application}`,
    typed: application,
    order: ({ reason }) => ({ method: 'POST', path: '/shutdown', body: { reason } }),
  };
}

/** The configuration, read again. */
export const reloadDraft: Draft = {
  title: 'Reload the configuration',
  explanation: 'All sources are read again and checked. The new values hold together, or the old ones stay.',
  verb: 'Reload',
  what: 'reload the configuration',
  order: ({ reason }) => ({ method: 'POST', path: '/config/reload', body: { reason } }),
};
