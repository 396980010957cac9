/** Every code that PLBA raises, with "raised when". Codes are stable: scripts and tests may rely on them. */
export const errorCatalogue = {
  APPLICATION_STATE: 'an application is told to do what its state does not allow, such as to start twice',
  ASSEMBLY_FAILED: 'a module throws while it is assembled',
  BINDING_MISSING: 'a worker, a health contributor or something they need has no binding',
  BINDING_CYCLE: 'components need each other in a circle',
  BINDING_FAILED: 'a component throws while it is constructed',
  CLASSIFY_INVALID: 'classify() of a worker threw itself, or answered something else than blocked, failed or fatal',
  CONFIG_INVALID: 'configuration breaks one or more rules; the message lists all of them',
  CONTROL_ATTEMPTS_EXCEEDED: 'an address has shown so many wrong tokens that its tokens are not looked at for a while',
  CONTROL_BODY_INVALID: 'the body of a request to the control plane is not the JSON object that the route takes',
  CONTROL_BODY_TOO_LARGE: 'the body of a request to the control plane is larger than it may be',
  CONTROL_EXPOSED: 'the control plane is bound to more than loopback without a token',
  CONTROL_FAILED: 'the control plane could not answer a request for a reason of its own; the log has the cause',
  CONTROL_FORBIDDEN: 'a request asks the control plane for more than its caller may do',
  CONTROL_HOST_REFUSED: 'a request to a control plane on loopback names another host than loopback',
  CONTROL_LISTEN_FAILED: 'the control plane cannot listen on its address',
  CONTROL_MEDIA_TYPE_REFUSED: 'the body of a request to the control plane is not plain application/json',
  CONTROL_METHOD_REFUSED: 'a route of the control plane does not take the method of a request',
  CONTROL_ORIGIN_REFUSED: 'a page of another origin asks the control plane for a change',
  CONTROL_QUERY_INVALID: 'the query of a request to the control plane has a parameter that the route does not take',
  CONTROL_REQUEST_MALFORMED: 'a request to the control plane is not well-formed HTTP, too large, or badly encoded',
  CONTROL_REQUEST_TIMED_OUT: 'a request to the control plane did not arrive in time',
  CONTROL_ROUTE_DUPLICATE: 'a control route of an application answers what another route answers already',
  CONTROL_ROUTE_INVALID:
    'a control route of an application has a path, an authority or another option that cannot work',
  CONTROL_ROUTE_UNFINISHED: 'a control route of an application takes longer than it may, or than the application lasts',
  CONTROL_ROUTE_UNKNOWN: 'no route of the control plane has the path of a request',
  CONTROL_STOPPING: 'an action is asked of an application that stops or has stopped',
  CONTROL_STREAM_UNAVAILABLE: 'a client asks for events while too many others listen, or at the end',
  CONTROL_TLS_INVALID: 'key and certificate of the control plane are incomplete, unreadable or no pair',
  CONTROL_UNAUTHORIZED: 'a request to the control plane lacks the token that it needs, or carries a wrong one',
  DECORATOR_MISUSED: 'a class is tagged in a way that cannot work',
  DURATION_INVALID: 'a duration is not a number of milliseconds or a number with its unit, or is out of range',
  HEALTH_CONTRIBUTOR_UNKNOWN: 'no health contributor has the name that was given',
  HEALTH_GROUP_INVALID:
    'a health contributor is to be in a group that it must not be in, or a group has a name that is taken',
  HEALTH_CHECK_TIMED_OUT: 'a health check took longer than its timeout',
  HEALTH_MEMBER_UNKNOWN: 'the configuration of a health group names nobody',
  HEALTH_GROUP_UNKNOWN: 'no health group has the name that was given',
  METRIC_INVALID:
    'a metric has a name, labels, a unit or buckets that cannot be exposed, or is declared twice in different ways',
  LOGGER_UNKNOWN: 'no logger has the name that was given',
  LOG_LEVEL_INVALID: 'a level of a logger is none of the levels there are',
  MODULE_CYCLE: 'modules import each other in a circle',
  MODULE_DUPLICATE: 'two modules have the same name',
  NAME_DUPLICATE: 'two workers or two health contributors have the same name',
  NAME_INVALID: 'a name is empty or has characters that cannot stand in a route or a configuration key',
  NEEDS_CYCLE: 'workers need each other in a circle',
  NEEDS_UNKNOWN: 'a worker needs a name that no worker and no health contributor has',
  OPTION_INVALID: 'an option of a decorator or of a maker is unknown, or not what it may be',
  OPTION_UNSUPPORTED: 'an option names a part of the platform that does not exist yet',
  OUTCOME_INVALID: 'the work of a run answered something that is no outcome',
  QUEUE_CLOSED: 'a task is given to a queue that is closed, or was still waiting when it closed',
  QUEUE_FULL: 'a task is given to a full queue that rejects instead of waiting',
  RUN_ABORTED: 'a run is told to end because its worker stops',
  RUN_OVERLAP: 'a run is asked for while one of the same worker is in progress',
  RUN_TIMED_OUT: 'a run took longer than its timeout',
  RUN_UNKNOWN: 'no run in the ledger of a worker has the id that was given',
  SECRET_TOO_SHORT: 'a value is registered as a secret, and to mask it would mask ordinary text',
  START_TIMED_OUT: 'workers were not ready within plba.start.timeout',
  START_ABORTED: 'a start was broken off because the application was told to stop',
  STOP_BUDGET_EXCEEDS_GRACE: 'plba.shutdown.delay and plba.shutdown.timeout do not fit into plba.shutdown.grace',
  TASK_ABORTED: 'a task was aborted before it ended',
  TASK_TIMED_OUT: 'a task took longer than its timeout',
  TEST_CONTRACT_BROKEN: 'a worker that is tested breaks a rule of the contract that all workers keep',
  TEST_LEAKED: 'a tested application has stopped and left timers, listeners, sockets or threads behind',
  TEST_NOT_REACHED: 'a test waits for a state or a health of a worker that does not come',
  TEST_REBIND_LATE: 'a test changes a binding or an application after its components were resolved',
  TEST_SCHEDULE_BROKEN: 'exploring schedules found an order of events in which a property does not hold',
  TRACER_REGISTERED: 'a test wants to record spans while an OpenTelemetry SDK gets them',
  TELEMETRY_CONFLICT: 'telemetry is on, and the application has registered another OpenTelemetry SDK',
  TELEMETRY_INVALID: 'settings or OTEL_* variables of telemetry cannot be meant',
  TELEMETRY_SDK_MISSING: 'telemetry is on, and the OpenTelemetry SDK is not installed',
  TRACE_UNKNOWN: 'no trace that is kept in process has the id that was given',
  TRIGGER_INVALID: 'a trigger cannot be understood, such as a broken cron expression or an unknown time zone',
  WORKER_CONFLICT: 'a worker is told to do what its state does not allow',
  WORKER_ENDED: 'a worker ended by itself without saying that it was done',
  WORKER_FATAL: 'a run said that trying again is pointless',
  WORKER_LOST: 'a worker ended by itself and restarting it is over',
  WORKER_START_FAILED: 'a worker did not start',
  WORKER_UNKNOWN: 'no worker has the name that was given',
} as const;

/** A stable code of {@link errorCatalogue}. */
export type ErrorCode = keyof typeof errorCatalogue;

/** Every error that PLBA raises: a stable code, a message that names the offender, a hint what to do, and the cause. */
export class PlbaError extends Error {
  override readonly name = 'PlbaError';
  /** What to look at or to do about it. */
  readonly hint: string | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.hint = options.hint;
  }
}
