import { Injectable } from '@nestjs/common';
import { parsePublicId, publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { containing } from '../database/like.js';
import type { Statement } from '../database/sql.js';
import { findAttempt } from '../deliveries/find-attempt.js';
import { EventTypesService } from '../event-types/event-types.service.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { FoundView, SearchView } from './search.dto.js';

/** Of each kind. */
const MOST = 10;
/** The newest subscriptions looked at where all spaces are searched. */
const MAX_SCANNED = 50_000;

const IN_SPACE = '($2::uuid IS NULL OR space_id = $2)';

const SPACES = {
  name: 'search_spaces',
  text: `SELECT 'space' AS kind, id, id AS space, name AS title, uid AS detail FROM posthorn.spaces
    WHERE uid = $1 OR name ILIKE $2 OR uid ILIKE $2 ORDER BY uid = $1 DESC NULLS LAST, id DESC LIMIT ${MOST + 1}`,
};

const SUBSCRIPTION = `'subscription' AS kind, id, space_id AS space, url AS title,
  coalesce(uid, description) AS detail`;
const LIKE_SUBSCRIPTION = `uid = $1 OR url ILIKE $2 OR uid ILIKE $2 OR description ILIKE $2`;
const BEST_FIRST = `ORDER BY uid = $1 DESC NULLS LAST, id DESC LIMIT ${MOST + 1}`;

const SUBSCRIPTIONS = {
  name: 'search_subscriptions',
  text: `SELECT ${SUBSCRIPTION}
    FROM posthorn.subscriptions WHERE space_id = $3 AND (${LIKE_SUBSCRIPTION}) ${BEST_FIRST}`,
};

const ALL_SUBSCRIPTIONS = {
  name: 'search_all_subscriptions',
  text: `SELECT ${SUBSCRIPTION} FROM (SELECT * FROM posthorn.subscriptions ORDER BY id DESC LIMIT ${MAX_SCANNED}) s
    WHERE ${LIKE_SUBSCRIPTION} ${BEST_FIRST}`,
};

const BY_ID: Record<'spc' | 'sub' | 'evt' | 'dlv' | 'job', Statement> = {
  spc: {
    name: 'search_space',
    text: `SELECT 'space' AS kind, id, id AS space, name AS title, uid AS detail
      FROM posthorn.spaces WHERE id = $1 AND $2::uuid IS NULL`,
  },
  sub: {
    name: 'search_subscription',
    text: `SELECT ${SUBSCRIPTION} FROM posthorn.subscriptions WHERE id = $1 AND ${IN_SPACE}`,
  },
  evt: {
    name: 'search_event',
    text: `SELECT 'event' AS kind, id, space_id AS space, type AS title, publisher_id AS detail
      FROM posthorn.events WHERE id = $1 AND ${IN_SPACE}`,
  },
  dlv: {
    name: 'search_delivery',
    text: `SELECT 'delivery' AS kind, id, space_id AS space, event_type AS title, status AS detail
      FROM posthorn.deliveries WHERE id = $1 AND ${IN_SPACE}`,
  },
  job: {
    name: 'search_job',
    text: `SELECT 'job' AS kind, id, space_id AS space, kind AS title, status AS detail
      FROM posthorn.jobs WHERE id = $1 AND ${IN_SPACE}`,
  },
};

const EVENT_BY_KEY = {
  name: 'search_event_by_key',
  text: `SELECT 'event' AS kind, e.id, e.space_id AS space, e.type AS title, e.publisher_id AS detail
    FROM posthorn.event_keys k JOIN posthorn.events e ON e.id = k.event_id WHERE k.key = $1 AND k.space_id = $2`,
};

interface Row extends Omit<FoundView, 'kind'> {
  kind: 'space' | 'subscription' | 'event' | 'delivery' | 'job';
}

const PREFIXES = { space: 'spc', subscription: 'sub', event: 'evt', delivery: 'dlv', job: 'job' } as const;

/** Finds what has an id or a name. Every statement looks at a bounded number of rows. */
@Injectable()
export class SearchService {
  constructor(
    private readonly database: Database,
    private readonly types: EventTypesService,
  ) {}

  /** `space`: null for all spaces. */
  async find(text: string, space: SpaceRef | null): Promise<SearchView> {
    const q = text.trim();
    const attempt = parsePublicId('att', q);
    if (attempt !== null) return this.attempt(attempt, space);
    const byId = await this.byId(q, space);
    const found = byId ?? [...(await this.byText(q, space)), ...(await this.typesLike(q, space))];
    const data = found.filter(
      ({ kind }, index) => found.slice(0, index).filter((one) => one.kind === kind).length < MOST,
    );
    return { data, capped: data.length < found.length, searchedTo: null };
  }

  /** Among the attempts of deliveries made before it, the newest first. */
  private async attempt(id: string, space: SpaceRef | null): Promise<SearchView> {
    const found = await findAttempt(this.database.sql, id, space?.id ?? null);
    if (!('deliveryId' in found))
      return { data: [], capped: false, searchedTo: found.searchedTo?.toISOString() ?? null };
    const { deliveryId, spaceId, eventType, n } = found;
    const ids = { id: publicId('dlv', deliveryId), space: publicId('spc', spaceId) };
    const data: FoundView[] = [{ kind: 'attempt', ...ids, title: eventType, detail: `attempt ${n}` }];
    return { data, capped: false, searchedTo: null };
  }

  /** What an id of ours names; null where the text is none. */
  private async byId(q: string, space: SpaceRef | null): Promise<FoundView[] | null> {
    for (const prefix of ['spc', 'sub', 'evt', 'dlv', 'job'] as const) {
      const uuid = parsePublicId(prefix, q);
      if (uuid !== null) return this.run(BY_ID[prefix], [uuid, space?.id ?? null]);
    }
    return null;
  }

  private async byText(q: string, space: SpaceRef | null): Promise<FoundView[]> {
    if (q === '') return [];
    const like = [q, containing(q)];
    const found = await Promise.all(
      space
        ? [this.run(SUBSCRIPTIONS, [...like, space.id]), this.run(EVENT_BY_KEY, [q, space.id])]
        : [this.run(SPACES, like), this.run(ALL_SUBSCRIPTIONS, like)],
    );
    return found.flat();
  }

  private async run(statement: Statement, values: unknown[]): Promise<FoundView[]> {
    return (await this.database.sql<Row>(statement, values)).map(toFound);
  }

  private async typesLike(q: string, space: SpaceRef | null): Promise<FoundView[]> {
    if (space === null || q === '') return [];
    const wanted = q.toLowerCase();
    const types = await this.types.knownTo(space, space.profile);
    return types
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .slice(0, MOST + 1)
      .map(({ name, description }) => ({
        kind: 'event_type' as const,
        id: name,
        space: publicId('spc', space.id),
        title: name,
        detail: description,
      }));
  }
}

function toFound({ kind, id, space, title, detail }: Row): FoundView {
  return { kind, id: publicId(PREFIXES[kind], id), space: publicId('spc', space), title, detail };
}
