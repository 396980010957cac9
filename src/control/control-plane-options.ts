import type { ApplicationEvents } from '../contracts/events.js';
import type { Clock } from '../contracts/clock.js';
import type { Logger } from '../contracts/logger.js';
import type { OperatorView } from '../contracts/reports.js';
import type { EventSink } from '../events/event-sink.js';
import type { ControlLimits, ControlSettings } from './control-settings.js';
import type { Scrub } from './json-text.js';
import type { RequestCounts } from './request-counts.js';
import type { Route } from './route.js';

/** What a control plane is given. */
export interface ControlPlaneOptions {
  readonly settings: ControlSettings;
  /** What it shows and steers. Nothing else of the runtime is known to it. */
  readonly view: OperatorView;
  readonly log: Logger;
  readonly clock: Clock;
  /** Takes secrets out of every body. Default: there are none. */
  readonly scrub?: Scrub | undefined;
  /** Routes of further parts of the runtime, and the application's own. */
  readonly routes?: readonly Route[];
  /** Where the Unix socket may be, the best first; each is for this user only. Default: there is none. */
  readonly socketPaths?: readonly string[];
  /** What happens, for clients to hear, and for changes to be told. Default: nothing does. */
  readonly events?: ApplicationEvents & EventSink;
  /** Where its answers are counted. Default: nowhere that anybody sees. */
  readonly counts?: RequestCounts;
  /** Other limits than those it has by default, for tests that will not wait. */
  readonly limits?: Partial<ControlLimits>;
}

/** Where a control plane listens. */
export interface ControlAddress {
  /** The address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  /** The path of the Unix socket, where there is one. */
  readonly socket?: string;
  /** The address of its own that answers probes, where there is one. */
  readonly probes?: { readonly host: string; readonly port: number };
}
