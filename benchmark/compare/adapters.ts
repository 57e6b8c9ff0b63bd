import { randomUUID } from 'node:crypto';
import { bearer, call, EVENT_TYPE, valueOf, type Adapter } from './adapter.js';

const unique = () => randomUUID().slice(0, 8);

const posthorn: Adapter = {
  name: 'posthorn',
  answerMeans: 'committed in PostgreSQL, with its deliveries',
  needs: '--key: the admin key. POSTHORN_ALLOW_HTTP=true, POSTHORN_ALLOW_TARGETS=127.0.0.0/8.',
  setUp: async ({ url, key }, endpoints) => {
    const uid = `compare_${unique()}`;
    await call('POST', `${url}/v1/spaces`, bearer(key), { name: uid, uid });
    for (const endpoint of endpoints)
      await call('POST', `${url}/v1/spaces/${uid}/subscriptions`, bearer(key), { url: endpoint });
    return {
      url: `${url}/v1/spaces/${uid}/events`,
      headers: bearer(key),
      body: (_n, data) => `{"type":"${EVENT_TYPE}","data":${data}}`,
    };
  },
};

// https://api.svix.com/docs
const svix: Adapter = {
  name: 'svix',
  answerMeans: 'stored in PostgreSQL and put into the queue',
  needs: '--key: a token of `svix-server jwt generate`. Let it deliver to 127.0.0.1 (whitelist_subnets).',
  setUp: async ({ url, key }, endpoints) => {
    const { id } = await call<{ id: string }>('POST', `${url}/api/v1/app/`, bearer(key), { name: unique() });
    for (const endpoint of endpoints)
      await call('POST', `${url}/api/v1/app/${id}/endpoint/`, bearer(key), { url: endpoint, version: 1 });
    return {
      url: `${url}/api/v1/app/${id}/msg/`,
      headers: bearer(key),
      body: (_n, data) => `{"eventType":"${EVENT_TYPE}","payload":${data}}`,
    };
  },
};

// https://hookdeck.com/docs/outpost
const outpost: Adapter = {
  name: 'outpost',
  answerMeans: 'in the publish queue',
  needs: '--key: API_KEY. TOPICS with lead.create. --url with the prefix of the API, such as /api/v1.',
  setUp: async ({ url, key }, endpoints) => {
    const tenant = `compare_${unique()}`;
    await call('PUT', `${url}/tenants/${tenant}`, bearer(key));
    for (const endpoint of endpoints)
      await call('POST', `${url}/tenants/${tenant}/destinations`, bearer(key), {
        type: 'webhook',
        topics: [EVENT_TYPE],
        config: { url: endpoint },
      });
    return {
      url: `${url}/publish`,
      headers: bearer(key),
      body: (_n, data) => `{"tenant_id":"${tenant}","topic":"${EVENT_TYPE}","data":${data}}`,
    };
  },
};

// https://github.com/webhookx-io/webhookx: the admin API, and the proxy that takes events.
const webhookx: Adapter = {
  name: 'webhookx',
  answerMeans: 'sync: stored in PostgreSQL; a source with `async`: in the queue on Redis',
  needs: '--url: the admin API. --value proxy=http://127.0.0.1:8081; --value async=true for the other mode.',
  setUp: async (engine, endpoints) => {
    const workspace = `${engine.url}/workspaces/default`;
    const path = `/compare-${unique()}`;
    for (const endpoint of endpoints)
      await call(
        'POST',
        `${workspace}/endpoints`,
        {},
        {
          request: { url: endpoint, method: 'POST' },
          events: [EVENT_TYPE],
        },
      );
    const async = engine.values['async'] === 'true';
    const config = { http: { path, methods: ['POST'] } };
    await call('POST', `${workspace}/sources`, {}, { type: 'http', config, async });
    return {
      url: valueOf(engine, 'proxy') + path,
      headers: {},
      body: (_n, data) => `{"event_type":"${EVENT_TYPE}","data":${data}}`,
    };
  },
};

// https://www.getconvoy.io/docs/api-reference
const convoy: Adapter = {
  name: 'convoy',
  answerMeans: 'in the queue on Redis',
  needs: "--key: the project's API key. --value project=…; plain http and 127.0.0.1 must be allowed.",
  setUp: async (engine, endpoints) => {
    const project = `${engine.url}/api/v1/projects/${valueOf(engine, 'project')}`;
    const owner = `compare_${unique()}`;
    for (const endpoint of endpoints) {
      const { data } = await call<{ data: { uid: string } }>(
        'POST',
        `${project}/endpoints`,
        bearer(engine.key),
        {
          ...{ name: `${owner}_${unique()}`, url: endpoint, owner_id: owner, secret: randomUUID() },
        },
      );
      await call('POST', `${project}/subscriptions`, bearer(engine.key), {
        ...{ name: data.uid, endpoint_id: data.uid, filter_config: { event_types: [EVENT_TYPE] } },
      });
    }
    return {
      url: `${project}/events/fanout`,
      headers: bearer(engine.key),
      body: (_n, data) => `{"owner_id":"${owner}","event_type":"${EVENT_TYPE}","data":${data}}`,
    };
  },
};

// https://documentation.hook0.com: types have three parts, and each event names a label.
const hook0: Adapter = {
  name: 'hook0',
  answerMeans: 'stored in PostgreSQL; request attempts are made from it',
  needs: '--key: a service token. --value application=…; the worker must be allowed to reach 127.0.0.1.',
  setUp: async (engine, endpoints) => {
    const api = `${engine.url}/api/v1`;
    const application = valueOf(engine, 'application');
    const type = { application_id: application, service: 'compare', resource_type: 'lead', verb: 'create' };
    await call('POST', `${api}/event_types/`, bearer(engine.key), type).catch(() => undefined);
    const tenant = unique();
    const startedAt = new Date().toISOString();
    for (const endpoint of endpoints)
      await call('POST', `${api}/subscriptions/`, bearer(engine.key), {
        ...{ application_id: application, is_enabled: true, event_types: ['compare.lead.create'] },
        ...{ description: tenant, labels: { tenant }, metadata: {} },
        target: { type: 'http', method: 'POST', url: endpoint, headers: {} },
      });
    return {
      url: `${api}/event/`,
      headers: bearer(engine.key),
      body: (_n, data) =>
        JSON.stringify({
          ...{ application_id: application, event_id: randomUUID(), event_type: 'compare.lead.create' },
          ...{ payload: data, payload_content_type: 'application/json', labels: { tenant } },
          occurred_at: startedAt,
        }),
    };
  },
};

export const ADAPTERS: readonly Adapter[] = [posthorn, svix, outpost, webhookx, convoy, hook0];
