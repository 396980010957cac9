/** A token, or several with a name each. */
export type TokenSetting = string | Readonly<Record<string, string>>;

/** Where the control plane listens and whom it obeys: `plba.control.*`. */
export interface ControlSettings {
  /** Name or address to listen on. Anything but loopback needs a token. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Bearer token with full authority. An empty one is none. */
  readonly token?: string | undefined;
  /** A token for this start alone: whoever has it may operate, and nobody who has none may do less than before. Default: none. */
  readonly linkToken?: string | undefined;
  /** Bearer tokens by the authority that they give. With one for probes, probes need it. */
  readonly tokens?: Readonly<Partial<Record<'probe' | 'read' | 'operate', TokenSetting>>>;
  /** `Host` headers that are let in: on loopback besides its own names, beyond it instead of every name. Default: none. */
  readonly hosts?: readonly string[];
  /** Path of a Unix socket for this user, or false for none. Default: none; the runtime has a default of its own. */
  readonly socket?: string | false;
  /** `host:port` that answers probes and nothing else. Default: none. */
  readonly probes?: string;
  /** Key and certificate as PEM, or the files that they are in. Default: no TLS. */
  readonly tls?: { readonly key?: string; readonly certificate?: string };
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
  /** Bytes of answers that clients do not take, over all connections. With more the connections are cut off that were there first. */
  readonly maxUnreadBytes: number;
  /** The request line and all headers together. */
  readonly maxHeaderBytes: number;
  readonly maxBodyBytes: number;
  /** Levels of nesting in a body. */
  readonly maxBodyDepth: number;
  /** How long answers in progress may take to leave once the control plane stops. */
  readonly stopGraceMs: number;
  /** How long the answer to the first wrong token of an address waits; twice as long for each further one. */
  readonly wrongTokenDelayMs: number;
  /** How many wrong tokens of an address are looked at within a minute. */
  readonly maxWrongTokens: number;
  /** Clients of `GET /events` at a time. */
  readonly maxEventClients: number;
  /** Bytes of events that may wait for a slow client. With one more it is cut off. */
  readonly maxEventBacklogBytes: number;
  /** How often a client of `GET /events` hears from the platform at least. */
  readonly heartbeatMs: number;
}

/** The limits in force. There is no setting for them: an operator's client comes nowhere near. */
export const controlLimits: ControlLimits = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 8_000,
  idleTimeoutMs: 9_500,
  keepAliveTimeoutMs: 5_000,
  checkEveryMs: 1_000,
  maxConnections: 512,
  maxUnreadBytes: 32 * 1024 * 1024,
  maxHeaderBytes: 8 * 1024,
  maxBodyBytes: 16 * 1024,
  maxBodyDepth: 32,
  stopGraceMs: 1_000,
  wrongTokenDelayMs: 100,
  maxWrongTokens: 20,
  maxEventClients: 128,
  maxEventBacklogBytes: 1024 * 1024,
  heartbeatMs: 15_000,
};
