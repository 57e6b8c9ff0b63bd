import { createHmac, randomBytes } from 'node:crypto';
import { createServer, Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { serve } from './process-commands.js';

/**
 * The least that can be called the same work, for what it costs at ordinary rates: an HTTP server that stores each
 * event durably with one statement, answers, signs and posts it, and notes successes together every 20 ms. It matches
 * nothing, retries nothing, keeps no log and asks nobody for a key.
 */

interface Plan {
  databaseUrl: string;
  receiverUrl: string;
}

const SETTLE_MS = 20;
const CREATE = `CREATE TABLE IF NOT EXISTS public.least_events
  (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz DEFAULT now(), body text,
   done bool DEFAULT false)`;
const INSERT = {
  name: 'least_insert',
  text: 'INSERT INTO public.least_events (body) VALUES ($1) RETURNING id',
};
const SETTLE = {
  name: 'least_settle',
  text: 'UPDATE public.least_events SET done = true WHERE id = ANY ($1)',
};
const ANSWER = '{"events":[{"id":"1"}]}';
const key = randomBytes(24);

let pool: pg.Pool | null = null;
const delivered: string[] = [];

function settle(id: string): void {
  delivered.push(id);
  if (delivered.length === 1)
    setTimeout(() => void pool?.query({ ...SETTLE, values: [delivered.splice(0)] }), SETTLE_MS);
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function start({ databaseUrl, receiverUrl }: Plan): Promise<string> {
  pool = new pg.Pool({ connectionString: databaseUrl, max: 8 });
  await pool.query(CREATE);
  const agent = new Agent({ keepAlive: true });
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const event = JSON.parse(await textOf(incoming)) as { data: unknown };
    const body = JSON.stringify({ type: 'lead.create', timestamp: new Date(), data: event.data });
    const stored = await pool?.query<{ id: string }>({ ...INSERT, values: [body] });
    const id = stored?.rows[0]?.id ?? '';
    response.writeHead(202, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
    const at = `${Math.floor(Date.now() / 1_000)}`;
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`,
    };
    const sent = request(receiverUrl, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => settle(id));
    });
    sent.end(body);
  };
  const server = createServer((incoming, response) => void take(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const commands = { start, pid: () => process.pid };
export type LeastProgramCommands = typeof commands;
serve(commands);
