import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { parseCsv } from '../support/csv.js';
import { NodeProcess } from '../support/node-process.js';
import { get } from '../support/raw-get.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface Row {
  [name: string]: unknown;
  id: string;
  cursor: string;
}

interface End {
  end: true;
  count: number;
  next: string | null;
}

const { engine, tenant, receiver } = useStory({
  answer: ({ path }) =>
    path === '/broken' ? { status: 500, body: '=cmd()' } : { headers: { 'x-said': 'yes' }, body: 'thanks' },
});

const call = <T = string>(query: string, options?: { key?: string; headers?: Record<string, string> }) =>
  engine.call<T>('GET', tenant.path(`/exports/${query}`), undefined, options);

async function exported(query: string): Promise<{ rows: Row[]; end: End }> {
  const { status, body } = await call(query);
  expect(status).toBe(200);
  const lines = body.split('\n');
  expect(lines.pop()).toBe('');
  const end = JSON.parse(lines.pop() ?? '') as End;
  const rows = lines.map((line) => JSON.parse(line) as Row);
  expect(end).toEqual({ end: true, count: rows.length, next: end.next });
  return { rows, end };
}

async function table(query: string): Promise<Record<string, string>[]> {
  const { body } = await call(`${query}${query.includes('?') ? '&' : '?'}format=csv`);
  const [head = [], ...records] = parseCsv(body);
  for (const record of records) expect(record).toHaveLength(head.length);
  return records.map((record) => Object.fromEntries(head.map((name, at) => [name, record[at] ?? ''])));
}

/** One endpoint that takes everything and one that fails; three events, all attempts made. */
async function fill(): Promise<void> {
  await tenant.subscribe(receiver.url, { uid: 'good' });
  const broken = `http://127.0.0.1:${receiver.port}/broken`;
  await tenant.subscribe(broken, { uid: 'broken', retrySchedule: [0], pauseAfter: null });
  for (const n of [1, 2, 3]) {
    await tenant.publish({
      type: n === 3 ? 'tag.create' : 'lead.create',
      id: `=own-${n}`,
      data: { n },
      scope: { clientId: 'acme' },
    });
  }
  await eventually(async () => {
    const all = await tenant.deliveries();
    expect(all.filter(({ status }) => status === 'succeeded')).toHaveLength(3);
    expect(all.filter(({ status }) => status === 'failed')).toHaveLength(3);
  });
}

describe('an export', () => {
  it('has the rows of the lists, filtered in the same way, oldest first', async () => {
    await fill();
    const without = ({ cursor: _cursor, ...row }: Row) => row;
    const deliveries = await exported('deliveries');
    const { data: listed } = await engine.ok<{ data: Row[] }>('GET', tenant.path('/deliveries?order=asc'));
    expect(deliveries.rows.map(without)).toEqual(listed);
    const events = await exported('events');
    const { data: published } = await engine.ok<{ data: Row[] }>('GET', tenant.path('/events?order=asc'));
    expect(events.rows.map(without)).toEqual(published);
    for (const filter of [
      ...['status=failed', 'subscription=good', 'type=tag.create', `event=${encodeURIComponent('=own-2')}`],
      ...[`since=${String(listed[2]?.createdAt)}`, `until=${String(listed[2]?.createdAt)}`, 'order=desc'],
      'subscription=nobody',
    ]) {
      const list = await engine.ok<{ data: Row[] }>(
        'GET',
        tenant.path(`/deliveries?${filter.includes('order') ? '' : 'order=asc&'}${filter}`),
      );
      expect((await exported(`deliveries?${filter}`)).rows.map(without)).toEqual(list.data);
    }
    expect((await exported('events?type=tag.create')).rows).toHaveLength(1);
  });

  it('has the attempts of the filter, with what they belong to', async () => {
    await fill();
    const { rows } = await exported('attempts?subscription=broken');
    expect(rows.map(({ n, statusCode, errorCode }) => [n, statusCode, errorCode])).toEqual(
      [1, 2, 1, 2, 1, 2].map((n) => [n, 500, 'http_500']),
    );
    const [delivery] = await tenant.deliveries('?subscription=broken&order=asc');
    const detail = await tenant.delivery(delivery?.id ?? '');
    expect(rows[0]).toMatchObject({
      ...detail.attempts?.[0],
      deliveryId: delivery?.id,
      eventId: delivery?.eventId,
      eventType: 'lead.create',
      subscriptionId: delivery?.subscriptionId,
      url: `http://127.0.0.1:${receiver.port}/broken`,
    });
    expect(rows[0]).not.toHaveProperty('request');
    const newest = (await exported('attempts?subscription=broken&order=desc')).rows;
    expect(newest.map(({ n }) => n)).toEqual([1, 2, 1, 2, 1, 2]);
    expect(newest.map(({ deliveryId }) => deliveryId)).toEqual(rows.map((row) => row.deliveryId).reverse());
    expect((await exported('attempts?status=succeeded')).rows).toHaveLength(3);
  });

  it('has payloads when it is asked for them, as the API shows them', async () => {
    await fill();
    await tenant.publish('{"type":"lead.update","data":{\n  "exact": 1.0 }}');
    await eventually(async () =>
      expect(await tenant.deliveries('?type=lead.update&status=failed')).toHaveLength(1),
    );
    const text = (await call('events?include=body&type=lead.update')).body;
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('"data":{   "exact": 1.0 }');
    const [row] = (await exported('attempts?include=body&subscription=good')).rows;
    const attempt = await engine.ok<Row>(
      'GET',
      tenant.path(`/deliveries/${String(row?.deliveryId)}/attempts/1`),
    );
    expect(row).toMatchObject({ request: attempt.request, response: attempt.response });
    await engine.ok('PATCH', tenant.path('/subscriptions/good'), { method: 'PUT' });
    const [changed] = (await exported('attempts?include=body&subscription=good')).rows;
    expect(changed).toMatchObject({ request: { ...(attempt.request as object), method: 'PUT' } });
    // Deliveries of one moment arrive in any order.
    const [whole] = (await exported('deliveries?include=body&subscription=good')).rows;
    const sent = receiver.requests.find(
      ({ path, headers }) => path === '/hook' && headers['webhook-id'] === whole?.eventId,
    );
    expect(whole?.body).toBe(sent?.body.toString());
    const [csv] = await table('attempts?include=body&subscription=broken');
    expect(csv).toMatchObject({ responseBody: "'=cmd()", responseBodyTruncated: 'false', statusCode: '500' });
    expect(JSON.parse(csv?.requestHeaders ?? '')).toEqual(
      (await exported('attempts?include=body&subscription=broken')).rows.map(
        ({ request }) => (request as { headers: string[][] }).headers,
      )[0],
    );
  });

  it('as CSV has fixed columns, quoting, a guard against formulas and, if told, a byte order mark', async () => {
    await fill();
    const events = await table('events');
    expect(events.map(({ uid }) => uid)).toEqual(["'=own-1", "'=own-2", "'=own-3"]);
    expect(Object.keys(events[0] ?? {})).toEqual([
      ...['id', 'uid', 'type', 'occurredAt', 'createdAt', 'expiresAt', 'clientId', 'campaignId', 'leadId'],
      ...['tags', 'version'],
      'cursor',
    ]);
    const [data] = await table('events?include=body');
    expect(data?.data).toBe('{"n":1}');
    const deliveries = await table('deliveries?status=failed');
    expect(deliveries).toHaveLength(3);
    expect(deliveries[0]).toMatchObject({ attemptCount: '2', lastStatusCode: '500', nextAttemptAt: '' });
    expect(Object.keys((await table('attempts'))[0] ?? {})).toEqual([
      ...[
        'id',
        'deliveryId',
        'n',
        'eventId',
        'eventType',
        'subscriptionId',
        'startedAt',
        'url',
        'statusCode',
      ],
      ...[
        'errorCode',
        'errorDetail',
        'addressClass',
        'dnsMs',
        'connectMs',
        'tlsMs',
        'firstByteMs',
        'totalMs',
      ],
      'trigger',
      'cursor',
    ]);
    const raw = async (query: string) =>
      (
        await get(engine.url + tenant.path(`/exports/events?format=csv${query}`), {
          authorization: `Bearer ${engine.adminKey}`,
        })
      ).body.toString();
    expect(await raw('&bom=true')).toMatch(/^\ufeffid,uid,/);
    expect(await raw('')).toMatch(/^id,uid,/);
    expect(await raw('&header=false')).toMatch(/^evt_/);
  });

  it('is named as a file, and is compressed for who takes gzip', async () => {
    await fill();
    const url = engine.url + tenant.path('/exports/deliveries?format=csv');
    const authorization = `Bearer ${engine.adminKey}`;
    const plain = await get(url, { authorization });
    expect(plain.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'cache-control': 'no-store',
      vary: 'accept-encoding',
    });
    expect(plain.headers['content-disposition']).toMatch(
      new RegExp(`^attachment; filename="${tenant.uid}-deliveries-\\d{8}T\\d{6}Z\\.csv"$`),
    );
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await get(url, { authorization, 'accept-encoding': 'br, gzip;q=0.5' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toBe(plain.body.toString());
    const refused = await get(url, { authorization, 'accept-encoding': 'gzip;q=0, *' });
    expect(refused.headers['content-encoding']).toBeUndefined();
    const ndjson = await get(url.replace('csv', 'ndjson'), { authorization });
    expect(ndjson.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const head = await get(url, { authorization }, 'HEAD');
    expect(head.body).toHaveLength(0);
  });
});

describe('going on', () => {
  it.each(['deliveries', 'attempts', 'events'])(
    'from any row of %s leaves nothing out and repeats nothing',
    async (name) => {
      await fill();
      for (const options of ['', '&order=desc', '&include=body']) {
        const all = (await exported(`${name}?${options}`)).rows;
        expect(all.length).toBeGreaterThan(2);
        for (const [at, { cursor }] of all.entries()) {
          const rest = await exported(`${name}?after=${cursor}${options}`);
          expect(rest.rows).toEqual(all.slice(at + 1));
          expect(rest.end.next).toBe(all.at(-1)?.cursor);
        }
      }
      const csv = await table(name);
      expect(await table(`${name}?after=${csv[0]?.cursor}`)).toEqual(csv.slice(1));
    },
  );

  it('later brings what came since', async () => {
    await fill();
    const { end } = await exported('events');
    expect((await exported(`events?after=${end.next}`)).rows).toEqual([]);
    const { id } = await tenant.publish({ type: 'lead.create', data: {} });
    expect((await exported(`events?after=${end.next}`)).rows.map((row) => row.id)).toEqual([id]);
    const other = await Tenant.create(engine);
    const none = await engine.call('GET', other.path('/exports/events'));
    expect(none.body).toBe('{"end":true,"count":0,"next":null}\n');
  });

  it('needs a cursor of the same export of the same space', async () => {
    await fill();
    const { end } = await exported('deliveries');
    const other = await Tenant.create(engine);
    for (const path of [
      tenant.path(`/exports/attempts?after=${end.next}`),
      tenant.path(`/exports/deliveries?after=${end.next?.replace(/^./, 'B')}`),
      tenant.path('/exports/deliveries?after=x'),
      tenant.path('/exports/deliveries?after=%00'),
      other.path(`/exports/deliveries?after=${end.next}`),
    ]) {
      const { status, body } = await engine.call<Problem>('GET', path);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
  });
});

describe('access', () => {
  it('needs the scope read; a portal link has its own space only', async () => {
    await fill();
    const other = await Tenant.create(engine);
    const link = await engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), {
      scope: 'read',
    });
    for (const name of ['deliveries', 'attempts', 'events']) {
      expect(await call(name, { key: await tenant.key('read') })).toMatchObject({ status: 200 });
      expect(await call(name, { key: await tenant.key('publish') })).toMatchObject({ status: 403 });
      expect(await call(name, { key: link.token })).toMatchObject({ status: 200 });
      const foreign = await engine.call('GET', other.path(`/exports/${name}`), undefined, {
        key: link.token,
      });
      expect(foreign.status).toBe(404);
    }
    expect(await call('events?colour=red')).toMatchObject({ status: 422 });
    expect(await call('events?format=xml')).toMatchObject({ status: 422 });
  });
});

describe('a large export', () => {
  const COUNT = 12_000;

  beforeEach(async () => {
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    await client.query(
      `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
       SELECT (substr(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0'), 1, 8) || '-'
           || substr(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint), 12, '0'), 9, 4)
           || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
         s.id, 'lead.' || repeat('x', 1500), now(), '{}'
       FROM posthorn.spaces s, generate_series(1, ${COUNT}) n WHERE s.uid = $1`,
      [tenant.uid],
    );
    await client.end();
  }, 60_000);

  function open(): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        engine.url + tenant.path('/exports/events'),
        { headers: { authorization: `Bearer ${engine.adminKey}` }, agent: false },
        resolve,
      );
      sent.on('error', reject);
      sent.end();
    });
  }

  async function textOf(answer: IncomingMessage): Promise<string> {
    let text = '';
    answer.setEncoding('utf8');
    for await (const part of answer) text += String(part);
    return text;
  }

  /** Statements of this database that are running or in a transaction, but for this look. */
  async function busyConnections(): Promise<number> {
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    const { rows } = await client.query<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND state <> 'idle' AND query LIKE '%FROM posthorn.events%'`,
    );
    await client.end();
    return rows.length;
  }

  it('waits for a slow reader without a statement or a transaction, and one more is refused after four', async () => {
    const answers = [await open(), await open(), await open(), await open()];
    await eventually(async () => expect(await busyConnections()).toBe(0));
    const refused = await call<Problem>('deliveries');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]/);
    const other = await Tenant.create(engine);
    expect(await engine.call('GET', other.path('/exports/events'))).toMatchObject({ status: 200 });
    for (const answer of answers) {
      const lines = (await textOf(answer)).trimEnd().split('\n');
      expect(lines).toHaveLength(COUNT + 1);
      expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ end: true, count: COUNT });
      expect(new Set(lines).size).toBe(COUNT + 1);
    }
    await eventually(async () => expect(await call('deliveries')).toMatchObject({ status: 200 }));
  }, 60_000);

  it('that its reader abandons frees its share', async () => {
    for (let n = 0; n < 9; n += 1) {
      const answer = await eventually(async () => {
        const one = await open();
        expect(one.statusCode).toBe(200);
        return one;
      });
      await once(answer, 'readable');
      answer.destroy();
    }
    await eventually(async () => expect(await call('deliveries')).toMatchObject({ status: 200 }));
    await eventually(async () => expect(await busyConnections()).toBe(0));
  }, 60_000);

  it('of which a HEAD asks has its headers, is not read, and takes no share', async () => {
    const authorization = `Bearer ${engine.adminKey}`;
    for (let n = 0; n < 10; n += 1) {
      const headers = { authorization, 'accept-encoding': n % 2 ? 'gzip' : 'identity' };
      const answer = await fetch(engine.url + tenant.path('/exports/events'), { method: 'HEAD', headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        200,
        'application/x-ndjson; charset=utf-8',
      ]);
    }
  }, 60_000);

  it('that is cut, the command goes on with by itself; --resume does after its own end', async () => {
    const proxy = await startCuttingProxy(engine.url);
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-export-'));
    const posthorn = async (...args: string[]) => {
      const env = { POSTHORN_URL: proxy.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: tenant.uid };
      const run = NodeProcess.run('dist/src/cli/posthorn.js', ['export', 'events', ...args], env);
      return { code: await run.ended, out: run.stdout, err: run.stderr };
    };
    try {
      for (const format of ['csv', 'ndjson']) {
        const whole = await call(`events?format=${format}`);
        const file = join(folder, `events.${format}`);
        proxy.cutAfter(80_000, 120_000);
        expect(await posthorn('--format', format, '--out', file)).toMatchObject({
          code: 0,
          out: `${COUNT} rows are in ${file}.\n`,
        });
        expect(proxy.cuts).toBe(2);
        expect(await readFile(file, 'utf8')).toBe(whole.body);
        expect((await posthorn('--format', format, '--out', file, '--resume')).err).toContain(
          'complete already',
        );
        // A record that was not written to its end.
        await writeFile(`${file}.again.part`, (await readFile(file)).subarray(0, 2_345_678));
        expect(await posthorn('--format', format, '--resume', `${file}.again`)).toMatchObject({ code: 0 });
        expect(await readFile(`${file}.again`, 'utf8')).toBe(whole.body);
      }
      proxy.cutAfter(80_000);
      expect(await posthorn()).toMatchObject({ code: 1 });
    } finally {
      await proxy.close();
      await rm(folder, { recursive: true });
    }
  }, 120_000);

  it('that fails on the way is cut, and never looks whole', async () => {
    const answer = await open();
    await once(answer, 'readable');
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    await client.query('ALTER TABLE posthorn.events RENAME COLUMN occurred_at TO elsewhere');
    try {
      await expect(textOf(answer)).rejects.toThrow('aborted');
    } finally {
      await client.query('ALTER TABLE posthorn.events RENAME COLUMN elsewhere TO occurred_at');
      await client.end();
    }
  }, 60_000);
});
