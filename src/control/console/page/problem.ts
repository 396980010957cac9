/** An answer that is no answer: a refusal of the control plane, or none at all. */
export class Problem extends Error {
  constructor(
    /** The HTTP status; 0 when nobody answered. */
    readonly status: number,
    readonly code: string,
    message: string,
    /** What to do about it, where the control plane knows. */
    readonly hint?: string,
  ) {
    super(message);
  }

  /** Nobody answers: the application is away, or the way to it. */
  get isSilence(): boolean {
    return this.status === 0;
  }

  /** The application answers, but has no such route: it is of another version, or the part is not built in. */
  get isMissing(): boolean {
    return this.status === 404 && this.code === 'CONTROL_ROUTE_UNKNOWN';
  }

  /** A token is needed, or another one. */
  get needsToken(): boolean {
    return this.status === 401;
  }
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, 'NO_ANSWER', error instanceof Error ? error.message : String(error));
}

/** Makes a problem of an answer that is not a success. */
export async function readProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, detail, hint } = isRecord(body) ? body : {};
  return new Problem(
    response.status,
    typeof code === 'string' ? code : 'UNKNOWN',
    typeof detail === 'string' ? detail : `the application answered ${response.status}`,
    typeof hint === 'string' ? hint : undefined,
  );
}

/** Whether a value has members that can be read. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
