import type { PlatformSettings } from '../config/platform-settings.js';
import type { Logger } from '../contracts/logger.js';
import type { MetricFamily } from '../contracts/metrics.js';
import type { OuterPart } from '../lifecycle/participant.js';
import type { Scrub } from '../secrets/scrub.js';
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
    private readonly scrub: Scrub,
  ) {}

  async start(): Promise<void> {
    const { application, settings, env, log } = this;
    if (settings.otlp === undefined) return;
    // The SDK is heavy, and most applications have none.
    const { planExport, withEndpoint } = await import('../telemetry/export-plan.js');
    const otlp = withEndpoint(settings.otlp, env);
    if (otlp === undefined) {
      log.warn(
        'plba.telemetry.otlp says nothing of an endpoint, so nothing is exported: set plba.telemetry.otlp.endpoint',
      );
      return;
    }
    const plan = planExport(otlp, application, env);
    if (plan.isDisabled) {
      log.info('nothing is exported by OTLP: OTEL_SDK_DISABLED turns it off');
      return;
    }
    const { startTelemetry } = await import('../telemetry/start-telemetry.js');
    const metrics = (): readonly MetricFamily[] => this.metrics().map((family) => withoutSecrets(family, this.scrub));
    this.telemetry = await startTelemetry({ ...otlp, application, env, metrics });
    const kinds = ['traces', 'metrics'].filter((kind) => plan[kind as 'traces' | 'metrics'] !== undefined);
    log.info(`exported by OTLP: ${kinds.join(' and ') || 'nothing'}`);
  }

  async stop(): Promise<void> {
    await this.telemetry?.stop();
  }
}

/** What a label holds may come from anywhere. */
function withoutSecrets(family: MetricFamily, scrub: Scrub): MetricFamily {
  const points = family.points.map((point) => ({
    ...point,
    labels: Object.fromEntries(Object.entries(point.labels).map(([label, value]) => [label, scrub(value)])),
  }));
  return { ...family, points } as MetricFamily;
}
