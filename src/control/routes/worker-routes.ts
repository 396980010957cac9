import type { OperatorView, WorkerAction } from '../../contracts/reports.js';
import { type ErrorCode, PlbaError } from '../../errors.js';
import { clip } from '../../plain/plain-value.js';
import type { FieldKinds } from '../request/body-fields.js';
import { statusOfCode } from '../problem.js';
import { presentWorker } from './presentation.js';
import { Refusal } from '../refusal.js';
import { refuseWhileStopping } from './refuse-while-stopping.js';
import type { Route, RouteAnswer, RouteRequest } from '../route.js';

/** `GET /workers`, one worker, and the six actions. */
export function workerRoutes(view: OperatorView): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/workers',
      authority: 'read',
      summary: 'every worker, in order of declaration',
      answers: { 200: { 'application/json': ['Worker'] } },
      refusals: [],
      handle: () => ({ status: 200, body: view.workers().map(presentWorker) }),
    },
    {
      method: 'GET',
      path: '/workers/<name>',
      authority: 'read',
      summary: 'one worker: state, health, runs, effective options',
      parts: workerPart,
      answers: { 200: { 'application/json': 'Worker' } },
      refusals: ['WORKER_UNKNOWN'],
      handle: ({ parameters }) => {
        const report = view.worker(nameIn(parameters)) ?? unknownWorker(nameIn(parameters));
        return { status: 200, body: presentWorker(report) };
      },
    },
    ...actions.map((action) => actionRoute(view, action)),
  ];
}

interface ActionDescription {
  readonly action: WorkerAction;
  readonly summary: string;
  readonly body: FieldKinds;
}

const gentle: FieldKinds = { reason: 'text' };
const forcible: FieldKinds = { force: 'boolean', reason: 'text' };

const actions: readonly ActionDescription[] = [
  { action: 'start', summary: 'starts a worker that has ended or was stopped', body: gentle },
  { action: 'stop', summary: 'stops a worker; force aborts its run instead of letting it finish', body: forcible },
  { action: 'restart', summary: 'stops a worker and starts it again; force as for stop', body: forcible },
  { action: 'pause', summary: 'no new runs until resumed; a run in progress may finish', body: gentle },
  { action: 'resume', summary: 'runs again', body: gentle },
  { action: 'run', summary: 'does one run now and answers when it has ended', body: gentle },
];

const actionRefusals: readonly ErrorCode[] = [
  'WORKER_UNKNOWN',
  'WORKER_CONFLICT',
  'RUN_OVERLAP',
  'RUN_ABORTED',
  'START_ABORTED',
  'START_TIMED_OUT',
  'WORKER_START_FAILED',
  'WORKER_LOST',
  'CONTROL_STOPPING',
];

function actionRoute(view: OperatorView, { action, summary, body }: ActionDescription): Route {
  return {
    method: 'POST',
    path: `/workers/<name>/${action}`,
    authority: 'operate',
    summary,
    body,
    parts: workerPart,
    answers: { 200: { 'application/json': 'Worker' } },
    refusals: actionRefusals,
    state: (parameters) => view.worker(nameIn(parameters))?.state ?? null,
    watchAt: (parameters) => `/workers/${encodeURIComponent(nameIn(parameters))}`,
    handle: (request) => act(view, action, request),
  };
}

async function act(view: OperatorView, action: WorkerAction, request: RouteRequest): Promise<RouteAnswer> {
  const name = nameIn(request.parameters);
  if (view.worker(name) === undefined) return unknownWorker(name);
  refuseWhileStopping(view);
  try {
    const report = await view.act(name, action, {
      who: request.caller.who,
      force: request.body['force'] === true,
      ...(request.reason !== undefined && { reason: request.reason }),
    });
    return { status: 200, body: presentWorker(report) };
  } catch (error) {
    throw withState(error, view, name);
  }
}

/** What is impossible now says which state is in the way, so that a script need not read it from a sentence. */
function withState(error: unknown, view: OperatorView, name: string): unknown {
  if (!(error instanceof PlbaError) || statusOfCode(error.code) !== 409) return error;
  const state = view.worker(name)?.state;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new Refusal(error.code, error.message, { ...hint, cause: error, facts: { state } });
}

/** The open part that names a worker. */
export function nameIn(parameters: Readonly<Record<string, string>>): string {
  return parameters['name'] ?? '';
}

/** What that part says. */
export const workerPart = { name: 'name of the worker' } as const;

/** The answer to a name that no worker has. */
export function unknownWorker(name: string): never {
  throw new Refusal('WORKER_UNKNOWN', `there is no worker ${JSON.stringify(clip(name, 100))}`, {
    hint: 'GET /workers lists them',
  });
}
