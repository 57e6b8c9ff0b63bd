import { tracesTarget } from '../config/otlp.js';
import type { Settings } from '../config/settings.js';
import { Tracing, type OpenTracing } from './tracing.js';

/** With the provider that something loaded before us has registered, else to the collector of the settings. */
export async function openTracing(settings: Settings): Promise<OpenTracing> {
  const registered = Tracing.ofHost();
  const target = tracesTarget(settings);
  if (registered.isOn || !target) return { tracing: registered, close: () => Promise.resolve() };
  const { exportTraces } = await import('./otlp-exporter.js');
  return exportTraces(target, settings.role);
}
