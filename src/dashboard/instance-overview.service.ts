import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { attemptsBySpace, heldBySpace, oldestDueBySpace } from '../deliveries/backlog-of-spaces.js';
import { countEndpointsBySpace, findFailingOfAll } from '../endpoints/health-of-spaces.js';
import { failingViews } from './failing-views.js';
import { WINDOW_BUCKETS } from './overview.service.js';
import type {
  InstanceOverviewQuery,
  InstanceOverviewView,
  SpaceHealthView,
  InstanceFailingEndpoint,
} from './instance-overview.dto.js';
import type { Window } from './overview.dto.js';

const MAX_WORST = 20;
/** How long what was counted for all spaces serves everybody who looks. */
const KEPT_MS = 3_000;

const SPACES = {
  name: 'dashboard_spaces',
  text: `SELECT id, uid, name FROM posthorn.spaces ORDER BY id DESC`,
};

/** What is known of a space before its deliveries are looked at. */
type Line = Omit<SpaceHealthView, 'held' | 'oldestDueAt'> & { id: string };

interface Counted {
  /** When it was done, monotonic milliseconds; not yet: Infinity. */
  at: number;
  lines: Promise<Line[]>;
}

/**
 * How all spaces are doing. What is counted for all of them comes from counters and from the subscriptions; deliveries
 * are looked at only for the spaces that are shown.
 */
@Injectable()
export class InstanceOverviewService {
  private readonly counted = new Map<Window, Counted>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async read({ window, sort, limit, after }: InstanceOverviewQuery): Promise<InstanceOverviewView> {
    const lines = await this.linesOf(window);
    const shown = [...lines].sort(ORDERS[sort]).slice(after ?? 0, (after ?? 0) + limit);
    const [data, worst] = await Promise.all([this.withBacklog(shown), this.worst(lines)]);
    const sum = (name: 'attempts' | 'failedAttempts' | 'failing' | 'paused') =>
      lines.reduce((total, line) => total + line[name], 0);
    return {
      data,
      spaces: lines.length,
      attempts: sum('attempts'),
      failedAttempts: sum('failedAttempts'),
      failing: sum('failing'),
      paused: sum('paused'),
      worst,
    };
  }

  /** One count at a time, and not more often than every few seconds, however many look. */
  private linesOf(window: Window): Promise<Line[]> {
    const known = this.counted.get(window);
    if (known && performance.now() - known.at < KEPT_MS) return known.lines;
    const lines = this.count(window);
    const counted = { at: Infinity, lines };
    this.counted.set(window, counted);
    lines.then(
      () => (counted.at = performance.now()),
      () => this.counted.delete(window),
    );
    return lines;
  }

  private async count(window: Window): Promise<Line[]> {
    const { sql } = this.database;
    const { step, buckets } = WINDOW_BUCKETS[window];
    const since = new Date(this.clock.now() - step * buckets * 1_000);
    const [spaces, endpoints, attempts] = await Promise.all([
      sql<{ id: string; uid: string | null; name: string }>(SPACES, []),
      countEndpointsBySpace(sql),
      attemptsBySpace(sql, step, since),
    ]);
    const health = new Map(endpoints.map((one) => [one.spaceId, one]));
    const tried = new Map(attempts.map((one) => [one.spaceId, one]));
    return spaces.map(({ id, uid, name }) => {
      const { endpoints: all = 0, failing = 0, paused = 0 } = health.get(id) ?? {};
      const { succeeded = 0, failed = 0 } = tried.get(id) ?? {};
      const own = { id, space: publicId('spc', id), uid, name };
      return {
        ...own,
        attempts: succeeded + failed,
        failedAttempts: failed,
        endpoints: all,
        failing,
        paused,
      };
    });
  }

  private async withBacklog(lines: Line[]): Promise<SpaceHealthView[]> {
    const { sql } = this.database;
    const [held, due] = await Promise.all([
      heldBySpace(
        sql,
        lines.map(({ id }) => id),
      ),
      oldestDueBySpace(sql, this.clock.date()),
    ]);
    return lines.map(({ id, ...line }) => ({
      ...line,
      held: held.get(id) ?? { count: 0, capped: false },
      oldestDueAt: due.get(id)?.toISOString() ?? null,
    }));
  }

  private async worst(lines: Line[]): Promise<InstanceFailingEndpoint[]> {
    const { sql } = this.database;
    const rows = await findFailingOfAll(sql, MAX_WORST);
    const names = new Map(lines.map(({ id, name }) => [id, name]));
    const views = await failingViews(sql, rows, this.clock.date());
    return views.map((view, n) => {
      const { spaceId = '' } = rows[n] ?? {};
      return { ...view, space: publicId('spc', spaceId), spaceName: names.get(spaceId) ?? '' };
    });
  }
}

const shareOf = ({ attempts, failedAttempts }: Line) => (attempts === 0 ? 0 : failedAttempts / attempts);

const ORDERS: Record<InstanceOverviewQuery['sort'], (a: Line, b: Line) => number> = {
  worst: (a, b) => b.failing + b.paused - (a.failing + a.paused) || shareOf(b) - shareOf(a) || byName(a, b),
  attempts: (a, b) => b.attempts - a.attempts || byName(a, b),
  name: byName,
};

function byName(a: Line, b: Line): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1;
}
