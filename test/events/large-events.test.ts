import { compileFilter } from '../../src/core/filter.js';
import { newUuid } from '../../src/core/ids.js';
import type { Database } from '../../src/database/database.js';
import type { Sql } from '../../src/database/sql.js';
import type { DeliveryLogService } from '../../src/deliveries/delivery-log.service.js';
import { ShownBodiesService } from '../../src/deliveries/shown-bodies.service.js';
import { ShownBody } from '../../src/deliveries/shown-body.js';
import type { Route, Routes } from '../../src/endpoints/routing.js';
import type { JobEntity } from '../../src/jobs/job.entity.js';
import type { ReplayRequest } from '../../src/jobs/job.js';
import { findMissed } from '../../src/jobs/missed-events.js';
import { ActivitiesService } from '../../src/provider-apis/lemlist/activities.service.js';
import type { SpaceRef } from '../../src/spaces/space-ref.js';
import { longestShare } from '../support/turns.js';

/** Of fifty events, one after the other, each has 2 %; in one turn they have all of it. */
const MOST = 0.3;
const id = () => newUuid(Date.now());

const NONE = { client_id: null, campaign_id: null, lead_id: null, tags: null, removed: null };
const OF_ALL = { space_id: id(), trace_context: null, type_version: null, occurred_at: new Date() };
const data = JSON.stringify({
  campaignId: 'cam_1',
  list: Array.from({ length: 4_000 }, (_none, index) => `${index} of many`),
});
const events = Array.from({ length: 50 }, () => ({
  ...{ id: id(), type: 'emailsOpened', data },
  ...NONE,
  ...OF_ALL,
}));
const space = { id: OF_ALL.space_id, profile: 'lemlist' } as SpaceRef;
const database = { sql: () => Promise.resolve(events) } as unknown as Database;

describe('between two large events others get their turn', () => {
  it('in the activities of lemlist', async () => {
    const activities = new ActivitiesService(database);
    const read = () => activities.page(space, { offset: 0, limit: 100 });
    expect(await read()).toHaveLength(50);
    // A hundred events of 256 KiB took a second.
    expect(await longestShare(read)).toBeLessThan(MOST);
    expect(await activities.page(space, { offset: 49, limit: 1 })).toHaveLength(1);
    expect(await activities.page(space, { offset: 50, limit: 1 })).toEqual([]);
  });

  it('in an export with bodies', async () => {
    const log = { hooksOf: () => Promise.resolve(new Map()) } as unknown as DeliveryLogService;
    const bodies = new ShownBodiesService(database, log, new ShownBody(null as never, null as never));
    const rows = events.map((event) => ({
      ...{ id: id(), event_id: event.id, event_type: event.type, subscription_id: id() },
    }));
    const read = () => bodies.of(space, rows);
    expect((await read()).size).toBe(50);
    expect(await longestShare(read)).toBeLessThan(MOST);
  });

  it('in a replay to a subscription with a filter', async () => {
    const route = {
      ...{ subscriptionId: id(), profile: 'lemlist', scope: { level: 'space' }, matchesType: () => true },
      ...{ filter: compileFilter({ campaignId: 'cam_1' }), versions: null, options: {}, status: 'active' },
    } as unknown as Route;
    const types = { isCustom: () => false, versionsOf: () => undefined };
    const routes = { routes: [route], profile: 'lemlist', plain: true, types } as unknown as Routes;
    const job = { spaceId: space.id, position: '', untilId: '' } as JobEntity;
    const request: ReplayRequest = {
      ...{ kind: 'replay', subscriptionId: route.subscriptionId, statuses: ['none'], eventTypes: null },
    };
    const rowsOf: Record<string, () => object[]> = {
      replay_next_events: () => events.map((event) => ({ ...event, position: event.id, delivery_id: null })),
      replay_states: () => events.map((event) => ({ id: event.id, status: null, newest: null, test: false })),
      events_find: () => events,
    };
    const sql = ((statement: { name: string }) =>
      Promise.resolve(rowsOf[statement.name]?.())) as unknown as Sql;
    const read = () => findMissed(sql, job, request, route, routes, 250);
    expect((await read()).missed).toHaveLength(50);
    expect(await longestShare(read)).toBeLessThan(MOST);
  });
});
