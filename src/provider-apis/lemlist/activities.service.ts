import { Injectable } from '@nestjs/common';
import type { StoredEvent } from '../../core/domain-types.js';
import { Database } from '../../database/database.js';
import { scopeOf } from '../../deliveries/find-events.js';
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

interface EventRow {
  id: string;
  type: string;
  occurred_at: Date;
  client_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  data: string;
}

const NEWEST = {
  name: 'lemlist_newest_events',
  text: `SELECT id, type, occurred_at, client_id, campaign_id, lead_id, data FROM posthorn.events
    WHERE space_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`,
};

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
      const rows = await this.database.sql<EventRow>(NEWEST, [space.id, before, CHUNK]);
      for (const text of rows.flatMap((row) => activitiesOf(row, space, asked))) {
        if (skipped < asked.offset) skipped += 1;
        else found.push(text);
        if (found.length === asked.limit) return found;
      }
      const last = rows.at(-1);
      if (!last || rows.length < CHUNK) break;
      before = last.id;
    }
    return found;
  }
}

/** Those of one event that are asked for. */
function activitiesOf(row: EventRow, space: SpaceRef, asked: ActivityQuery): string[] {
  const { id, type, occurred_at: occurredAt, data } = row;
  const event: StoredEvent = { id, spaceId: space.id, type, occurredAt, scope: scopeOf(row), data };
  const translated = translate(
    { ...event, data: JSON.parse(data) as unknown },
    space.profile,
    lemlistProfile.name,
  );
  return translated
    .filter((one) => matches(one.type, one.data as Record<string, unknown>, event, asked))
    .map((one) => {
      // Untranslated text stays as it is.
      const text = space.profile === lemlistProfile.name ? data : JSON.stringify(one.data);
      return textOf(event, one.type, text);
    });
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
