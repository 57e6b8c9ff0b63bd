import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { unknownTypeMessage } from '../core/unknown-type.js';
import { Invalid } from '../core/errors.js';
import { profileOf } from '../profiles/registry.js';
import { sampleData } from '../profiles/samples.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import { currentExample } from '../event-types/catalogue-entry.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import { Publisher } from './publish.js';

/** Publishes sample events for people who try out their receivers. */
@Injectable()
export class Simulator {
  /** How many were made, so that each is about another object. */
  private made = 0;

  constructor(
    private readonly clock: Clock,
    private readonly eventTypes: EventTypesService,
    private readonly publisher: Publisher,
  ) {}

  /** Publishes `count` events of this type, or of the catalogue's types in turn. Throws Invalid for an unknown type. */
  async simulate(space: SpaceRef, type: string | undefined, count: number): Promise<PublishedEvent[]> {
    const catalogue = await this.eventTypes.catalogueOf(space);
    const types = catalogue.filter(({ name }) => type === undefined || name === type);
    if (types.length === 0) {
      const names = catalogue.map(({ name }) => name);
      const message = unknownTypeMessage(type ?? '', names);
      throw new Invalid([{ path: 'type', code: 'unknown_event_type', message }]);
    }
    const drafts = Array.from({ length: count }, () => {
      const n = this.made++;
      const chosen = types[n % types.length] as (typeof types)[number];
      const data =
        chosen.custom || chosen.source
          ? currentExample(chosen).example
          : sampleData(profileOf(space.profile), chosen.name, n, space.id, this.clock.date());
      return draft(chosen.name, data);
    });
    return this.publisher.publish({ spaceId: space.id, drafts });
  }
}

function draft(type: string, data: object): EventDraft {
  return { at: '', type, text: JSON.stringify(data), data, scope: {} };
}
