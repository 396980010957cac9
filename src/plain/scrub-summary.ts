import type { ErrorSummary } from '../contracts/error-summary.js';

/** The same error without the secrets that its texts held. */
export function scrubSummary(summary: ErrorSummary, scrub: (text: string) => string): ErrorSummary {
  const { message, hint, causes } = summary;
  return {
    ...summary,
    message: scrub(message),
    ...(hint !== undefined && { hint: scrub(hint) }),
    ...(causes !== undefined && { causes: causes.map(scrub) }),
  };
}
