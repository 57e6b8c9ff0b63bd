import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { newUuid, publicId } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import { addToInbox } from '../event-store/inbox-rows.js';
import { Clock } from '../lib/clock.js';
import type { OperationalType } from './operational-types.js';

/** Something that happened to a subscription. */
export interface OperationalEvent {
  type: OperationalType;
  subscriptionId: string;
  /** The rest of the sentence that begins with the endpoint: "is paused". */
  summary: string;
  /** What is specific to the type; JSON. */
  data: object;
}

interface About {
  id: string;
  uid: string | null;
  url: string;
  description: string | null;
  spaceId: string;
  spaceUid: string | null;
  spaceName: string;
}

const ABOUT = {
  name: 'operational_about',
  text: `
    SELECT s.id, s.uid, s.url, s.description, p.id AS "spaceId", p.uid AS "spaceUid", p.name AS "spaceName"
    FROM posthorn.subscriptions s JOIN posthorn.spaces p ON p.id = s.space_id WHERE s.id = ANY($1::uuid[])`,
};

/** Publishes operational events in the space that POSTHORN_OPERATIONAL_SPACE names; without it, none. */
@Injectable()
export class OperationalEvents {
  constructor(
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /**
   * Publishes what happened, in the caller's transaction if `sql` is in one. Events of subscriptions that are deleted,
   * and all while the space is missing, are left out: telling of a change never prevents it.
   */
  async publish(sql: Sql, happened: OperationalEvent[]): Promise<void> {
    const { operationalSpace: space } = this.settings;
    if (space === '' || happened.length === 0) return;
    const ids = [...new Set(happened.map(({ subscriptionId }) => subscriptionId))];
    const about = new Map((await sql<About>(ABOUT, [ids])).map((row) => [row.id, row]));
    const events = happened.flatMap(({ type, subscriptionId, summary, data }) => {
      const subject = about.get(subscriptionId);
      return subject ? [{ id: newUuid(this.clock.now()), type, ...contentOf(subject, summary, data) }] : [];
    });
    if (events.length > 0) await addToInbox(sql, space, events);
  }
}

/** The tag `space` lets an endpoint get the events of some spaces only. */
function contentOf(about: About, rest: string, more: object): { data: string; options: string } {
  const space = { id: publicId('spc', about.spaceId), uid: about.spaceUid, name: about.spaceName };
  const { uid, url, description } = about;
  const subscription = { id: publicId('sub', about.id), uid, url, description };
  const summary = `${space.name}: ${url} ${rest}`;
  return {
    data: JSON.stringify({ summary, space, subscription, ...more }),
    options: JSON.stringify({ tags: { space: space.uid ?? space.id } }),
  };
}
