import { Global, Module, type ModuleMetadata } from '@nestjs/common';
import { DatabaseModule } from '../database/database.module.js';
import { deleteDeliveriesOf } from '../deliveries/delete-deliveries.js';
import { deleteEventsOf } from '../event-store/delete-events.js';
import { deleteHoldsOf } from '../event-store/legal-holds.js';
import type { Clock } from '../lib/clock.js';
import { RetentionModule } from '../retention/retention.module.js';
import { SPACE_DATA, type DeleteSpaceData } from '../spaces/space-data.js';
import { ENTITIES } from './entities.js';

/**
 * What is deleted with a space; nothing is while it is on legal hold. Deliveries before events: everything that locks
 * both goes in this order.
 */
const DATA: DeleteSpaceData[] = [deleteHoldsOf, deleteDeliveriesOf, deleteEventsOf];

@Global()
@Module({ providers: [{ provide: SPACE_DATA, useValue: DATA }], exports: [SPACE_DATA] })
export class SpaceDataModule {}

/** What every process of the engine stores things with. `clock` replaces the database's time. */
export function storage(clock?: Clock): NonNullable<ModuleMetadata['imports']> {
  return [DatabaseModule.forRoot(ENTITIES, clock), RetentionModule, SpaceDataModule];
}
