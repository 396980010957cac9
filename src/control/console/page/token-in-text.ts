/** What stands before the token in the link to the console. */
export const mark = '#token=';

/** The token in what somebody has typed or pasted: that itself, or a whole link with one. */
export function tokenIn(text: string): string {
  const typed = text.trim();
  const at = typed.indexOf(mark);
  return at < 0 ? typed : typed.slice(at + mark.length);
}
