import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import { DatabaseModule } from '../database/database.module.js';
import { deleteDeliveriesOf } from '../deliveries/delete-deliveries.js';
import { deleteEventsOf } from '../event-store/delete-events.js';
import { deleteHoldsOf } from '../event-store/legal-holds.js';
import type { Clock } from '../lib/clock.js';
import { removeMost } from '../retention/remove-most.js';
import { RetentionModule } from '../retention/retention.module.js';
import { SPACE_DATA, type SpaceData } from '../spaces/space-data.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { Tracing } from '../telemetry/tracing.js';
import { ENTITIES } from './entities.js';

/**
 * What is deleted with a space; nothing is while it is on legal hold. Deliveries before events: everything that locks
 * both goes in this order.
 */
const DATA: SpaceData = { removeMost, rest: [deleteHoldsOf, deleteDeliveriesOf, deleteEventsOf] };

@Global()
@Module({ providers: [{ provide: SPACE_DATA, useValue: DATA }], exports: [SPACE_DATA] })
export class SpaceDataModule {}

/** What every process of the engine stores things with. `clock` replaces the database's time. */
export function storage(clock?: Clock): NonNullable<ModuleMetadata['imports']> {
  return [DatabaseModule.forRoot(ENTITIES, clock), RetentionModule, SpaceDataModule];
}

/** Modules that the API and the worker of a process share. */
export interface SharedParts {
  clock?: Clock | undefined;
  metrics?: ProcessMetrics;
  tracing?: Tracing;
}

/** What the API and the worker of a process both begin with. */
export function engineModules(
  settings: Settings,
  { clock, metrics = new ProcessMetrics(), tracing = new Tracing() }: SharedParts,
): NonNullable<ModuleMetadata['imports']> {
  return [ConfigModule.forRoot(settings), TelemetryModule.forRoot(metrics, () => tracing), ...storage(clock)];
}
