import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProfileName, StoredEvent } from '../core/domain-types.js';
import { TEXT_FORM } from '../core/document-forms.js';
import { mapDocument, MappingFailed, type MappingStep } from '../core/mapping.js';
import { stepsDown, type VersionRule } from '../core/type-versions.js';
import { Database } from '../database/database.js';
import { Lru } from '../lib/lru.js';

/** Whose requests an event goes into. */
export interface VersionReader {
  profile: ProfileName;
  spaceProfile: ProfileName;
  /** The versions that it is pinned to, by event type; null: to none. */
  versions: Readonly<Record<string, number>> | null;
}

/** An event in the version that a subscription reads, or why there is none. */
export type SeenEvent = { event: StoredEvent } | { error: string };

// A space's own definition counts, also when the operator defines the same name.
const LOAD = {
  name: 'event_type_downgrades',
  text: `
    WITH own AS (SELECT versions FROM posthorn.event_types WHERE space_id = $1 AND name = $2),
      all_types AS (
        SELECT versions FROM own
        UNION ALL
        SELECT versions FROM posthorn.instance_event_types WHERE name = $2 AND NOT EXISTS (SELECT FROM own)
      )
    SELECT (SELECT json_object_agg(v.key, json_build_object('draft', v.value->'draft', 'downgrade',
      v.value->'downgrade'))
      FROM jsonb_each(t.versions) v) AS versions
    FROM all_types t`,
};

type Rules = Record<string, VersionRule>;

/** Types whose steps are kept, and for how long: a mended mapping counts a second later. */
const KEPT = 1_000;
const KEPT_MS = 1_000;
/** Looking into a longer value has a turn of the event loop of its own: 256 KiB take half a millisecond. */
const LONG = 64 * 1024;

/** The version that a reader gets of an event, where that is an older one than the event's; else null. */
export function olderVersionFor(
  { type, version = 1 }: StoredEvent,
  deliveryType: string,
  { profile, spaceProfile, versions }: VersionReader,
): number | null {
  if (version === 1) return null;
  // Equivalents of providers are of the first version.
  if (profile !== spaceProfile) return deliveryType === type ? null : 1;
  const pin = versions && Object.hasOwn(versions, type) ? versions[type] : undefined;
  return pin !== undefined && pin < version ? pin : null;
}

/** Converts events for subscriptions that are pinned to an older version of their type. */
@Injectable()
export class EventVersions {
  private readonly known = new Lru<Promise<Rules | null>>(KEPT, { ttl: KEPT_MS });

  constructor(private readonly database: Database) {}

  /** The event as the reader gets it. `older`: of `olderVersionFor`. */
  async convert(
    event: StoredEvent,
    older: number,
    { profile, spaceProfile }: VersionReader,
  ): Promise<SeenEvent> {
    const seen = await this.down(event, older);
    // What has no way back is translated as it is.
    return 'error' in seen && profile !== spaceProfile ? { event } : seen;
  }

  private async down(event: StoredEvent, to: number): Promise<SeenEvent> {
    const { type, version: from = 1 } = event;
    const rules = await this.rulesOf(event.spaceId, type);
    const failed = (why: string) => ({
      error: `The event is of version ${from} of ${type}, and the subscription is pinned to version ${to}. ${why}`,
    });
    if (!rules) return failed(`${type} no longer has versions: define them again, or remove the pin`);
    const steps = stepsDown(rules, from, to);
    if (!Array.isArray(steps))
      return failed(`Version ${steps.missing} has no downgrade: define one, or remove the pin`);
    try {
      return { event: { ...event, version: to, data: await mapText(event.data, steps) } };
    } catch (error) {
      if (!(error instanceof MappingFailed)) throw error;
      return failed(`Its downgrade fails: ${error.message}`);
    }
  }

  private rulesOf(spaceId: string, type: string): Promise<Rules | null> {
    const key = `${spaceId} ${type}`;
    const known = this.known.get(key);
    if (known) return known;
    const read = this.database
      .sql<{ versions: Rules | null }>(LOAD, [spaceId, type])
      .then(([row]) => row?.versions ?? null);
    this.known.set(key, read);
    read.catch(() => this.known.delete(key));
    return read;
  }
}

async function mapText(text: string, steps: MappingStep[]): Promise<string> {
  const walk = mapDocument(text, steps, TEXT_FORM);
  for (;;) {
    const { done, value } = walk.next();
    if (done) return value;
    if (value.length > LONG) await nextTurn();
  }
}
