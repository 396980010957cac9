/** Where the control plane listens and whom it obeys: `plba.control.*`. */
export interface ControlSettings {
  /** Name or address to listen on. Anything but loopback needs a `token`. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Bearer token with full authority. None, or an empty one: whoever reaches the port may read, nobody may operate. */
  readonly token?: string | undefined;
}

/** How much of the process strangers can take up. */
export interface ControlLimits {
  /** The request line and all headers must have arrived after this long. */
  readonly headersTimeoutMs: number;
  /** The whole request must have arrived after this long. */
  readonly requestTimeoutMs: number;
  /** A connection on which nothing moves is cut off after this long, unless the platform is busy with its request. */
  readonly idleTimeoutMs: number;
  /** How long a connection is kept for the next request. */
  readonly keepAliveTimeoutMs: number;
  /** How often the deadlines of requests are looked at. */
  readonly checkEveryMs: number;
  /** Connections at a time. One more takes the place of the oldest that is not waiting for an answer. */
  readonly maxConnections: number;
  /** The request line and all headers together. */
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Levels of nesting in a body. */
  readonly maxBodyDepth: number;
  /** How long answers in progress may take to leave once the control plane stops. */
  readonly stopGraceMs: number;
}

/** The limits in force. There is no setting for them: an operator's client comes nowhere near. */
export const controlLimits: ControlLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  keepAliveTimeoutMs: 5_000,
  checkEveryMs: 1_000,
  maxConnections: 512,
  maxHeaderBytes: 8 * 1024,
  maxBodyBytes: 16 * 1024,
  maxBodyDepth: 32,
  stopGraceMs: 1_000,
};

/** Whether a token is set. An empty one is none: it would let in everybody who sends an empty one. */
export function hasToken(settings: Pick<ControlSettings, 'token'>): boolean {
  return settings.token !== undefined && settings.token !== '';
}
