import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/condition.js';
import { Program } from '../support/program.js';
import { startReceiver } from '../support/receiver.js';

describe('posthorn dev --as', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-dev-as-'));
    chmodSync(folder, 0o711);
  });
  afterAll(() => {
    const cluster = join(folder, '.posthorn', 'postgres');
    if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  const dev = (...args: string[]) => Program.run('cli/posthorn.js', { PORT: '0' }, folder, ['dev', ...args]);

  it('is that provider on this machine: prints address and key, and sends sample events on a timer', async () => {
    const receiver = await startReceiver();
    const program = dev('--as', 'leadlex', '--every', '200ms');
    await eventually(() => program.output.includes('Ctrl-C stops'), { timeoutMs: 20_000 });
    const [, base = ''] = /leadlex runs on (\S+)/.exec(program.output) ?? [];
    const [, key = ''] = /Key: (\S+)/.exec(program.output) ?? [];
    const answer = await fetch(`${base}/webhooks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: receiver.url, events: ['contact.created', 'list.created'] }),
    });
    expect(answer.status).toBe(201);
    const requests = await receiver.received(2);
    expect(requests[0]?.headers['user-agent']).toBe('LeadLex-Webhook/1.0');
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(2);
    await eventually(() => expect(program.output).toMatch(/(contact|list)\.created .* delivered/));

    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    await receiver.close();
  }, 60_000);

  it("tells one lead's story to whoever registers a webhook, and again about another at Enter", async () => {
    const receiver = await startReceiver();
    const program = dev('--as', 'smartlead', '--scenario', 'hot-lead');
    await eventually(() => program.output.includes('Ctrl-C stops'), { timeoutMs: 20_000 });
    const [, base = ''] = /smartlead runs on (\S+)/.exec(program.output) ?? [];
    const [, key = ''] = /Key: (\S+)/.exec(program.output) ?? [];
    const campaigns = (await (await fetch(`${base}/campaigns?api_key=${key}`)).json()) as { id: number }[];
    const types = ['EMAIL_SENT', 'EMAIL_OPEN', 'EMAIL_LINK_CLICK', 'EMAIL_REPLY', 'LEAD_CATEGORY_UPDATED'];
    const answer = await fetch(`${base}/webhook/create?api_key=${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        webhook_url: receiver.url,
        association_type: 'campaign',
        email_campaign_id: campaigns[0]?.id,
        event_type_map: Object.fromEntries(types.map((type) => [type, true])),
      }),
    });
    expect(answer.status).toBe(200);
    const { id } = (await answer.json()) as { id: number };
    const heard = async (from: number) => {
      const requests = await receiver.received(from + types.length, 20_000);
      const bodies = requests
        .slice(from)
        .map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
      expect(bodies.map((body) => body.event_type)).toEqual(types);
      const leads = new Set(bodies.map((body) => body.sl_lead_email ?? body.lead_email));
      expect([leads.size, new Set(bodies.map((body) => body.campaign_id)).size]).toEqual([1, 1]);
      return [...leads][0];
    };
    const first = await heard(0);
    program.child.stdin?.write('\n');
    expect(await heard(types.length)).not.toBe(first);
    // The next start finds what this one left.
    await fetch(`${base}/webhook/delete/${id}?api_key=${key}`, { method: 'DELETE' });

    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    await receiver.close();
  }, 60_000);

  it('is Smartlead, with the key in the address', async () => {
    const receiver = await startReceiver();
    const program = dev('--as', 'smartlead', '--every', '200ms');
    await eventually(() => program.output.includes('Ctrl-C stops'), { timeoutMs: 20_000 });
    const [, base = ''] = /smartlead runs on (\S+)/.exec(program.output) ?? [];
    const [, key = ''] = /Key: (\S+)/.exec(program.output) ?? [];
    const [, list = ''] = /curl '(\S+)'/.exec(program.output) ?? [];
    const answer = await fetch(`${base}/webhook/create?api_key=${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        webhook_url: receiver.url,
        association_type: 'campaign',
        email_campaign_id: 123,
        event_type_map: { EMAIL_SENT: true, EMAIL_OPEN: true, LEAD_CATEGORY_UPDATED: true },
      }),
    });
    expect(answer.status).toBe(200);
    expect(await (await fetch(list)).json()).toMatchObject([{ webhook_url: receiver.url }]);
    const simulated = await fetch(`${new URL(base).origin}/v1/spaces/smartlead/simulate`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'EMAIL_OPEN', count: 3 }),
    });
    expect(simulated.status).toBe(202);
    const requests = await receiver.received(6);
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(requests.length);
    expect(requests[0]?.headers['x-webhook-level']).toBe('campaign');

    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    await receiver.close();
  }, 60_000);

  it('is lemlist, with the key as the password of nobody', async () => {
    const receiver = await startReceiver();
    const program = dev('--as', 'lemlist', '--every', '200ms');
    await eventually(() => program.output.includes('Ctrl-C stops'), { timeoutMs: 20_000 });
    const [, base = ''] = /lemlist runs on (\S+)/.exec(program.output) ?? [];
    const [, key = ''] = /Key: (\S+)/.exec(program.output) ?? [];
    const answer = await fetch(`${base}/hooks`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`:${key}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ targetUrl: receiver.url, secret: 'known to both' }),
    });
    expect(answer.status).toBe(200);
    const [request] = await receiver.received(1);
    expect(JSON.parse(String(request?.body))).toMatchObject({ secret: 'known to both' });

    program.child.kill('SIGINT');
    expect(await program.ended).toBe(0);
    await receiver.close();
  }, 60_000);

  it('says what it did not understand', async () => {
    const odd = dev('--as', 'hubspot');
    expect(await odd.ended).toBe(1);
    expect(odd.output).toContain('There is no profile "hubspot"');
    const slow = dev('--as', 'leadlex', '--every', 'never');
    expect(await slow.ended).toBe(1);
    expect(slow.output).toContain('--every never is not a duration');
  });
});
