import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseExactly, stringifyExactly } from '../../lib/exact-number.js';
import type { StoredEvent } from '../../core/domain-types.js';
import { Database } from '../../database/database.js';
import { findNewestEvents } from '../../event-store/find-events.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { translate } from '../../profiles/translate.js';
import { render } from '../../profiles/lemlist/body.js';
import { derive } from '../../profiles/lemlist/lead-states.js';
import { lemlistProfile } from '../../profiles/lemlist/lemlist.profile.js';
import { scopeOf as placeOf } from '../../profiles/lemlist/matching.js';

/** Which activities. What is left out asks for nothing. */
export interface ActivityQuery {
  type?: string;
  campaignId?: string;
  leadId?: string;
  isFirst?: boolean;
  offset: number;
  limit: number;
}

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const CHUNK = 100;
/** Events looked at for one answer. Older ones are not found: this is no archive. */
const MAX_EVENTS_READ = 2_000;

/** What was published, as activities. */
@Injectable()
export class ActivitiesService {
  constructor(private readonly database: Database) {}

  /** JSON texts, newest first. */
  async page(space: SpaceRef, asked: ActivityQuery): Promise<string[]> {
    const found: string[] = [];
    let skipped = 0;
    let before = LAST;
    for (let eventsRead = 0; eventsRead < MAX_EVENTS_READ; eventsRead += CHUNK) {
      const events = await findNewestEvents(this.database.sql, space.id, before, CHUNK);
      for (const event of events) {
        for (const { type, text } of activitiesOf(event, space, asked)) {
          if (skipped < asked.offset) skipped += 1;
          else found.push(textOf(event, type, text()));
          if (found.length === asked.limit) return found;
        }
        // Each may have much to read, and others wait.
        await nextTurn();
      }
      const last = events.at(-1);
      if (!last || events.length < CHUNK) break;
      before = last.id;
    }
    return found;
  }
}

/** Those of one event that are asked for; `text`: what makes their data. */
function activitiesOf(
  event: StoredEvent,
  space: SpaceRef,
  asked: ActivityQuery,
): { type: string; text: () => string }[] {
  const { data } = event;
  const translated = translate({ ...event, data: parseExactly(data) }, space.profile, lemlistProfile.name);
  return translated
    .filter((one) => matches(one.type, one.data as Record<string, unknown>, event, asked))
    .map((one) => ({
      type: one.type,
      // Untranslated text stays as it is.
      text: () => (space.profile === lemlistProfile.name ? data : stringifyExactly(one.data)),
    }));
}

function matches(
  type: string,
  data: Record<string, unknown>,
  { scope }: StoredEvent,
  asked: ActivityQuery,
): boolean {
  if (asked.type !== undefined && asked.type !== type && !derive(type).includes(asked.type)) return false;
  const { campaignId, leadId } = { ...placeOf(data), ...scope };
  if (asked.campaignId !== undefined && asked.campaignId !== campaignId) return false;
  if (asked.leadId !== undefined && asked.leadId !== leadId) return false;
  return asked.isFirst === undefined || asked.isFirst === (data.isFirst === true);
}

function textOf(event: StoredEvent, type: string, data: string): string {
  const scope = { level: 'space' as const, clientId: null, campaignId: null };
  const hook = { id: event.id, providerId: null, scope, options: lemlistProfile.options.defaults };
  return render({ event, type, data, deliveryId: event.id, hook, secret: null }).toString();
}
