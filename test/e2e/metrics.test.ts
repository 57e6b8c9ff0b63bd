import { FleetMetricsService } from '../../src/system/fleet-metrics.service.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Scrape } from '../support/scrape.js';
import { Tenant } from '../support/tenant.js';

const lead = { type: 'lead.create', data: { id: 'lead_1' } };

describe('metrics of a running engine', () => {
  let engine: Engine;
  let tenant: Tenant;
  let receiver: Receiver;
  let status = 200;
  let headers: Record<string, string> = {};

  beforeAll(async () => {
    engine = await Engine.start({ settings: { retrySchedule: [3_600], pauseAfter: 2 } });
    receiver = await startReceiver(() => ({ status, headers }));
  });
  afterAll(async () => {
    await engine.close();
    await receiver.close();
  });
  beforeEach(async () => {
    [status, headers] = [200, {}];
    tenant = await Tenant.create(engine);
  });

  const scrape = () => {
    engine.apis[0]?.get(FleetMetricsService, { strict: false }).expire();
    return Scrape.of(engine.url);
  };

  /** Until each sample has grown by as much. */
  const grown = (before: Scrape, by: Record<string, number>) =>
    eventually(async () => {
      const now = await scrape();
      const grew = Object.fromEntries(Object.keys(by).map((sample) => [sample, now.since(before, sample)]));
      expect(grew).toEqual(by);
    });

  it('count what was published and arrived, and how long it took', async () => {
    await tenant.subscribe(receiver.url);
    const before = await scrape();
    await tenant.publish(lead);
    await engine.ok('POST', tenant.path('/events'), [lead, lead]);
    await grown(before, {
      events_accepted_total: 3,
      'attempts_total{outcome="delivered",error_code="none",response_class="2xx"}': 3,
      'deliveries_finished_total{outcome="succeeded"}': 3,
      attempt_duration_seconds_count: 3,
      publish_to_arrival_seconds_count: 3,
      'publish_to_arrival_seconds_bucket{le="60"}': 3,
      publish_duration_seconds_count: 2,
    });
    // The engine's own work now and then waits for a connection for a moment.
    await eventually(async () => {
      const after = await scrape();
      expect(after.value('attempts_in_flight')).toBe(0);
      expect(after.value('ids_waiting')).toBe(0);
      expect(after.value('database_pool_connections{state="total"}')).toBeGreaterThan(0);
      expect(after.value('database_pool_waiting')).toBe(0);
    });
  });

  it('tell how long an event took since it was to be delivered, and nothing of what a person sent again', async () => {
    await tenant.subscribe(receiver.url);
    const before = await scrape();
    await tenant.publish({ ...lead, deliverAt: new Date(Date.now() + 1_500).toISOString() });
    const { id } = await tenant.onlyDelivery({ status: 'succeeded' });
    await engine.ok('POST', tenant.path(`/deliveries/${id}/retry`));
    await tenant.onlyDelivery({ attemptCount: 2 });
    await grown(before, {
      'attempts_total{outcome="delivered",error_code="none",response_class="2xx"}': 2,
      publish_to_arrival_seconds_count: 1,
      'publish_to_arrival_seconds_bucket{le="1"}': 1,
    });
  });

  it('count refusals by code, and throttled publishers apart', async () => {
    const before = await scrape();
    expect((await tenant.send({ type: 'lead.create' })).status).toBe(422);
    expect((await tenant.send('{')).status).toBe(400);
    expect((await engine.call('POST', tenant.path('/events'), lead, { key: 'wrong' })).status).toBe(401);
    // Another route's refusal is none of a publisher.
    expect((await engine.call('POST', tenant.path('/subscriptions'), {})).status).toBe(422);
    await engine.ok('PATCH', tenant.path(''), { limits: { eventsPerSecond: 1 } });
    await eventually(async () => expect((await tenant.send([lead, lead])).status).toBe(429));
    const after = await scrape();
    expect(after.since(before, 'events_refused_total{code="validation_failed"}')).toBe(1);
    expect(after.since(before, 'events_refused_total{code="unauthorized"}')).toBe(1);
    expect(after.since(before, 'throttled_total{scope="publish"}')).toBe(1);
    expect(after.since(before, 'throttled_total{scope="api"}')).toBe(0);
    expect(after.sum('events_refused_total') - before.sum('events_refused_total')).toBe(4);
  });

  it('tell failures, pauses and what is held; a resume sends it', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    [status, headers] = [503, { 'retry-after': '0' }];
    const before = await scrape();
    await tenant.publish(lead);
    await grown(before, {
      'attempts_total{outcome="retrying",error_code="http_503",response_class="5xx"}': 1,
      'throttled_total{scope="endpoint"}': 1,
      retrying_deliveries: 1,
      'endpoints{state="failing"}': 1,
    });
    await tenant.publish(lead);
    await grown(before, {
      'endpoint_pauses_total{reason="failures"}': 1,
      'endpoints{state="failing"}': 0,
      'endpoints{state="paused"}': 1,
      retrying_deliveries: 0,
      held_deliveries: 2,
    });
    [status, headers] = [200, {}];
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), {});
    await grown(before, {
      'endpoint_resumes_total{reason="manual"}': 1,
      'endpoints{state="paused"}': 0,
      'endpoints{state="active"}': 0,
      held_deliveries: 0,
      'deliveries_finished_total{outcome="succeeded"}': 2,
    });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`), {});
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`), {});
    await grown(before, { 'endpoint_pauses_total{reason="manual"}': 1 });
  });

  it('tell deliveries that failed for good, errors without an answer, and odd statuses', async () => {
    const gone = await startReceiver();
    await gone.close();
    await tenant.subscribe(gone.url, { retrySchedule: [] });
    const before = await scrape();
    await tenant.publish(lead);
    await grown(before, {
      'attempts_total{outcome="failed",error_code="connection_refused",response_class="none"}': 1,
      'deliveries_finished_total{outcome="failed"}': 1,
    });
    const other = await Tenant.create(engine);
    await other.subscribe(receiver.url, { retrySchedule: [] });
    status = 599;
    await other.publish(lead);
    await grown(before, {
      'attempts_total{outcome="failed",error_code="http_other",response_class="5xx"}': 1,
    });
  });

  it('show due deliveries, and for how long they have been that, while no worker is there', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await engine.stopWorkers();
    await tenant.publish(lead);
    await eventually(async () => {
      const now = await scrape();
      expect(now.value('workers_alive')).toBe(0);
      expect(now.value('due_deliveries')).toBe(1);
      expect(now.value('oldest_due_age_seconds')).toBeGreaterThan(0.2);
      expect(now.value('queue_depth')).toBeGreaterThan(0);
    });
    await engine.startWorker();
    await receiver.received(1);
    await eventually(async () => {
      const now = await scrape();
      expect(now.value('workers_alive')).toBe(1);
      expect(now.value('due_deliveries')).toBe(0);
      expect(now.value('oldest_due_age_seconds')).toBe(0);
    });
    expect((await tenant.subscription(id)).status).toBe('active');
  });

  it('are shown as OpenMetrics with delivery ids as exemplars, and afterwards in the usual format unchanged', async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.publish(lead);
    await eventually(async () => {
      const open = await Scrape.of(engine.url, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
      expect(open.text).toMatch(/^posthorn_events_accepted_total \d/m);
      expect(open.text).toMatch(/^# TYPE posthorn_events_accepted counter$/m);
      expect(open.text.endsWith('# EOF\n')).toBe(true);
      const [delivery] = await tenant.deliveries(`?event=${id}`);
      expect(open.text).toContain(`# {delivery_id="${delivery?.id}"}`);
    });
    const usual = await Scrape.of(engine.url);
    expect(usual.text).toMatch(/^# TYPE posthorn_events_accepted_total counter$/m);
    expect(usual.text).not.toContain('delivery_id');
  });
});
