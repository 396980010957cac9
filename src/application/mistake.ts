import type { Violation } from '../config/violation.js';
import { PlbaError } from '../errors.js';

/** What a check throws, as something that is wrong with a setting. */
export async function mistake(path: string, check: () => unknown): Promise<Violation[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof PlbaError)) throw error;
    const { message, code, hint, cause } = error;
    // The path says already whose rule it is; an error of the platform's own as the cause has said the same.
    const said = message.startsWith(`${path} `) ? message.slice(path.length + 1) : message;
    const rule = cause instanceof Error && !(cause instanceof PlbaError) ? `${said}: ${cause.message}` : said;
    return [{ path, rule, code, ...(hint !== undefined && { hint }) }];
  }
}
