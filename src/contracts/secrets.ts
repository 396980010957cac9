/** The vault of secrets: `tokens.Secrets`. */
export interface Secrets {
  /**
   * Makes a secret value known, such as a token that a partner has issued just now. From then on it appears in nothing that the
   * platform lets out: no log line, answer of the control plane, span of a run, or stop report. What the application itself
   * puts on spans of an OpenTelemetry SDK, and what listeners inside the process are told, is as it was given.
   * @throws `SECRET_TOO_SHORT` when it has fewer than six characters: to mask it would mask ordinary text
   */
  register(value: string): void;
}
