import type { IncomingMessage, ServerResponse } from 'node:http';
import { isEnough } from '../door/authority.js';
import type { Gate } from '../door/gate.js';
import { guardHeaders } from '../door/guard-headers.js';
import { type HealthAnswer, type HealthAnswers, wholeGroup } from './health-answers.js';
import { askedFormat, type HealthFormat } from './health-formats.js';
import type { RequestCount, RequestCounts } from '../request-counts.js';

/**
 * Answers the plain cases of `GET /health` and its groups before anything else looks at the request, at the speed of a
 * bare server that sends a constant. Whatever is not plain (another method, a foreign host, an unknown group or format) is
 * left to the routes, which know the same answers and the refusals.
 */
export class HealthFront {
  /** What has been counted, by what was answered: to look that up for each answer costs half of what is done for it here. */
  readonly #counts = new Map<number, RequestCount>();

  constructor(
    private readonly answers: HealthAnswers,
    private readonly gate: Gate,
    private readonly counts: RequestCounts,
  ) {}

  /** Answers the request and says true, or leaves it untouched and says false. */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { url = '' } = request;
    const queryAt = url.indexOf('?');
    const group = groupOf(queryAt < 0 ? url : url.slice(0, queryAt));
    if (group === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    const { host, authorization, accept, isAmbiguous, mentionsBody } = guardHeaders(request.rawHeaders);
    if (isAmbiguous || mentionsBody || !this.gate.isMeant(host)) return false;
    const format = askedFormat(queryAt < 0 ? undefined : url.slice(queryAt + 1), accept);
    if (format === undefined) return false;
    const { authority } = this.gate.greet(request, authorization);
    if (!isEnough(authority, 'probe')) return false;
    const answer = this.#find(group, isEnough(authority, 'read'), format);
    if (answer === undefined) return false;
    this.#count(request.method, group, answer.status);
    response.writeHead(answer.status, answer.rawHeaders);
    if (request.method === 'HEAD') response.end();
    else response.end(answer.body);
    return true;
  }

  #count(method: 'GET' | 'HEAD', group: string, status: HealthAnswer['status']): void {
    const key = status * 4 + (method === 'GET' ? 2 : 0) + (group === wholeGroup ? 1 : 0);
    let counted = this.#counts.get(key);
    if (counted === undefined) {
      counted = this.counts.of(method, group === wholeGroup ? root : groupRoute, status);
      this.#counts.set(key, counted);
    }
    counted.count++;
  }

  #find(group: string, isDetailed: boolean, format: HealthFormat): ReturnType<HealthAnswers['answer']> {
    try {
      return this.answers.answer(group, isDetailed, format);
    } catch {
      // The routes meet the same error, and answer and log it.
      return undefined;
    }
  }
}

const root = '/health';
const groupRoute = '/health/<group>';

function groupOf(url: string): string | undefined {
  if (!url.startsWith(root)) return undefined;
  if (url.length === root.length) return wholeGroup;
  return url.charCodeAt(root.length) === 47 && url.length > root.length + 1 ? url.slice(root.length + 1) : undefined;
}
