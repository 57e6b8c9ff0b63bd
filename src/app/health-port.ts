import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { HealthServer } from '../system/health-server.js';
import { ReadinessService } from '../system/readiness.service.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';
import { portProblem } from './port-problem.js';

/** A listening health port. */
export interface HealthPort {
  url: string;
  close: () => Promise<void>;
}

/** Opens `POSTHORN_HEALTH_PORT`; null when it is off. It asks the first of the containers. */
export async function openHealthPort(
  { healthPort: port, host }: Settings,
  metrics: ProcessMetrics,
  [container]: INestApplicationContext[],
): Promise<HealthPort | null> {
  if (port === null || !container) return null;
  const server = new HealthServer(container.get(ReadinessService, { strict: false }), metrics);
  try {
    const address = (await server.listen(port, host)) as AddressInfo;
    const shown = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return { url: `http://${shown}:${address.port}`, close: () => server.close() };
  } catch (error) {
    throw portProblem(error as NodeJS.ErrnoException, {
      ...{ port, host, purpose: ', for health and metrics,', setting: 'POSTHORN_HEALTH_PORT' },
      whenTaken: 'Set POSTHORN_HEALTH_PORT to a free one, or to off.',
    });
  }
}

/** `/readyz` is false from now on; resolves when load balancers have had the time to see it. */
export async function drain(
  { drainDelayMs }: Settings,
  containers: INestApplicationContext[],
): Promise<void> {
  for (const container of containers) container.get(ReadinessService, { strict: false }).stop();
  if (drainDelayMs > 0) await sleep(drainDelayMs);
}
