import type { Draft, DraftFields } from './draft.js';

/** What a person can do on the page. The views call these, and nothing else. */
export interface Controls {
  /** Begins to make up an order. */
  begin(draft: Draft): void;
  /** Gives up the order that is being made up, or the wish for a token. */
  cancel(): void;
  /** Sends the order that was made up. */
  send(fields: DraftFields): void;
  /** Asks for a token. */
  askForToken(): void;
  /** Shows the token from now on. */
  signIn(token: string): void;
  /** Says that the link that was pasted belongs to another page. */
  refuseLink(page: string): void;
  /** Forgets the token. */
  signOut(): void;
  /** Looks for something in the list that is shown. */
  look(filter: string): void;
  /** Takes a notice away. */
  dismiss(id: number): void;
}
