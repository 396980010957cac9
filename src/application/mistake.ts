import type { Violation } from '../config/violation.js';
import { PlbaError } from '../errors.js';

/** What a check throws, as something that is wrong with a setting. */
export async function mistake(path: string, check: () => unknown): Promise<Violation[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof PlbaError)) throw error;
    const { message, code, hint } = error;
    return [{ path, rule: message, code, ...(hint !== undefined && { hint }) }];
  }
}
