import { OTLP_PROTOCOLS } from './setting-rules.js';
import type { Settings } from './settings.js';

const TRACES_PROTOCOL = 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL';

/** Where and how traces are sent. */
export interface TracesTarget {
  url: string;
  protocol: Settings['otlpProtocol'];
}

/** Null: nothing is traced. */
export function tracesTarget({
  otlpEndpoint,
  otlpTracesEndpoint,
  otlpProtocol,
}: Settings): TracesTarget | null {
  const url = otlpTracesEndpoint || (otlpEndpoint && `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`);
  return url === '' ? null : { url, protocol: otlpProtocol };
}

/** What OpenTelemetry's other variables change of the settings. The rest of them is read by its SDK. */
export function applyOtelVariables(settings: Settings, env: NodeJS.ProcessEnv): void {
  const protocol = OTLP_PROTOCOLS.find((one) => one === env[TRACES_PROTOCOL]?.trim());
  if (protocol) settings.otlpProtocol = protocol;
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true' || env.OTEL_TRACES_EXPORTER?.trim() === 'none')
    Object.assign(settings, { otlpEndpoint: '', otlpTracesEndpoint: '' });
}

/** One problem for each of them that cannot be followed. */
export function otelProblems(env: NodeJS.ProcessEnv): string[] {
  const protocol = env[TRACES_PROTOCOL]?.trim() ?? '';
  const exporter = env.OTEL_TRACES_EXPORTER?.trim() ?? '';
  return [
    ...(protocol === '' || OTLP_PROTOCOLS.some((one) => one === protocol)
      ? []
      : [`${TRACES_PROTOCOL}: "${protocol}" is not one of ${OTLP_PROTOCOLS.join(', ')}.`]),
    ...(['', 'otlp', 'none'].includes(exporter)
      ? []
      : [`OTEL_TRACES_EXPORTER: "${exporter}" is not one of otlp, none.`]),
  ];
}
