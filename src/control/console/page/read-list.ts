import { isRecord } from './problem.js';

/** The list that an answer is, or that stands in it beside other things. */
export function readList(body: unknown): readonly unknown[] {
  const list = isRecord(body) ? Object.values(body).find(Array.isArray) : body;
  return Array.isArray(list) ? list : [];
}
