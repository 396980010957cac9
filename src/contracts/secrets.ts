/** The vault of secrets: `tokens.Secrets`. */
export interface Secrets {
  /**
   * Makes a secret value known, such as a token that a partner has issued just now. From then on it appears in no log line, answer,
   * event, span or report.
   * @throws `SECRET_TOO_SHORT` when it has fewer than six characters: to mask it would mask ordinary text
   */
  register(value: string): void;
}
