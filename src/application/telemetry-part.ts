import type { PlatformSettings } from '../config/platform-settings.js';
import type { Logger } from '../contracts/logger.js';
import type { MetricFamily } from '../contracts/metrics.js';
import type { OuterPart } from '../lifecycle/participant.js';
import type { Telemetry } from '../telemetry/start-telemetry.js';

/** Export of traces and metrics, if it is configured: up before everything that can be traced, down after it. */
export class TelemetryPart implements OuterPart {
  readonly name = 'telemetry';
  private telemetry: Telemetry | undefined;

  constructor(
    private readonly application: string,
    private readonly settings: PlatformSettings['telemetry'],
    private readonly env: Readonly<Record<string, string | undefined>>,
    private readonly metrics: () => readonly MetricFamily[],
    private readonly log: Logger,
  ) {}

  async start(): Promise<void> {
    const { application, settings, env, metrics, log } = this;
    if (settings.otlp === undefined) return;
    // The SDK is heavy, and most applications have none.
    const { startTelemetry } = await import('../telemetry/start-telemetry.js');
    this.telemetry = await startTelemetry({ ...settings.otlp, application, env, metrics });
    log.info('traces and metrics are exported by OTLP');
  }

  async stop(): Promise<void> {
    await this.telemetry?.stop();
  }
}
