import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { APPLICATION } from '../audit/origin.js';
import { Settings } from '../config/settings.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { SpaceCatalogueService } from '../spaces/space-catalogue.service.js';
import { SpaceLookup } from '../spaces/space-lookup.js';
import { SpacesService } from '../spaces/spaces.service.js';
import { OPERATIONAL_TYPES } from './operational-types.js';

/** Makes the space of the operational events as the process starts, and defines their types in it. */
@Injectable()
export class OperationalSpace implements OnApplicationBootstrap {
  private readonly logger = new Logger('events');

  constructor(
    private readonly settings: Settings,
    private readonly lookup: SpaceLookup,
    private readonly spaces: SpacesService,
    private readonly catalogue: SpaceCatalogueService,
    private readonly types: EventTypesService,
  ) {}

  /** A process that cannot do it starts all the same: webhooks matter more than news about them. */
  async onApplicationBootstrap(): Promise<void> {
    const { operationalSpace: uid } = this.settings;
    if (uid === '') return;
    try {
      await this.define(uid);
    } catch (error) {
      this.logger.error({ msg: 'operational_space.failed', space: uid, error: (error as Error).message });
    }
  }

  /** Types that are there already stay as they are: an operator may have described them otherwise. */
  private async define(uid: string): Promise<void> {
    const isNew = (await this.lookup.find(uid)) === null;
    const space = { ...(await this.spaces.upsertSpace({ uid }, APPLICATION)), by: APPLICATION };
    // Its own events alone: nobody's customers are in it.
    if (isNew) await this.catalogue.change(space, { builtInEvents: false }, true);
    const known = new Set((await this.types.catalogueOf(space)).map(({ name }) => name));
    for (const [name, definition] of Object.entries(OPERATIONAL_TYPES)) {
      if (!known.has(name)) await this.types.put(space, name, definition);
    }
  }
}
