import type { ErrorCode } from '../../errors.js';
import { statusOfCode } from '../problem.js';
import type { Route } from '../route.js';

/** With which codes a route may refuse a request, by status: its own, and those of the guards before it. */
export function refusalsOf(route: Route): ReadonlyMap<number, readonly ErrorCode[]> {
  const codes = new Set<ErrorCode>([...ofGuards(route), ...route.refusals]);
  const byStatus = new Map<number, ErrorCode[]>();
  const note = (status: number, code: ErrorCode): void => {
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  };
  for (const code of codes) note(statusOfCode(code), code);
  // What is malformed has a status of its own where it is too large.
  note(413, 'CONTROL_REQUEST_MALFORMED');
  note(431, 'CONTROL_REQUEST_MALFORMED');
  return new Map([...byStatus].sort(([a], [b]) => a - b));
}

function ofGuards({ method, authority, query }: Route): readonly ErrorCode[] {
  const always: readonly ErrorCode[] = [
    'CONTROL_REQUEST_MALFORMED',
    'CONTROL_BODY_INVALID',
    'CONTROL_REQUEST_TIMED_OUT',
    'CONTROL_HOST_REFUSED',
    'CONTROL_ORIGIN_REFUSED',
    'CONTROL_FAILED',
  ];
  return [
    ...always,
    ...(authority === 'open' ? [] : closed),
    ...(method === 'GET' ? [] : changing),
    ...(query === undefined ? [] : ['CONTROL_QUERY_INVALID' as const]),
  ];
}

const closed: readonly ErrorCode[] = ['CONTROL_UNAUTHORIZED', 'CONTROL_FORBIDDEN', 'CONTROL_ATTEMPTS_EXCEEDED'];
const changing: readonly ErrorCode[] = ['CONTROL_BODY_TOO_LARGE', 'CONTROL_MEDIA_TYPE_REFUSED'];
