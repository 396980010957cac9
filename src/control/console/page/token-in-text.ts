/** What stands before the token in the link to the console. */
export const mark = '#token=';

/** What somebody has typed or pasted instead of a token: a link that belongs to another page. */
export interface ForeignLink {
  /** Where that page is, or what stands in its place. */
  readonly page: string;
}

/**
 * The token in what somebody has typed or pasted: that itself, or a whole link with one. A link to another page has none for this
 * one: that of another application would be sent to this.
 *
 * @param origin that of this page
 */
export function tokenIn(text: string, origin: string): string | ForeignLink {
  const typed = text.trim();
  const at = typed.indexOf(mark);
  const address = addressIn(at < 0 ? typed : typed.slice(0, at), at >= 0);
  if (address !== undefined) {
    const page = originOf(address, origin) ?? address;
    if (page !== origin) return { page };
  }
  return at < 0 ? typed : typed.slice(at + mark.length);
}

/** The address in what stands before a token, or in its place. */
function addressIn(text: string, isLink: boolean): string | undefined {
  const [address] = /https?:\/\/\S*$/i.exec(text) ?? [];
  return address ?? (isLink && text !== '' ? text : undefined);
}

/** Also of an address that lacks its scheme, as some terminals copy it. */
function originOf(address: string, origin: string): string | undefined {
  const [scheme] = origin.split('//');
  const whole = /^https?:/i.test(address) ? address : `${scheme ?? ''}//${address}`;
  return URL.canParse(whole) ? new URL(whole).origin : undefined;
}
