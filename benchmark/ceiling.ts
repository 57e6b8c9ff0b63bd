import { createHmac, randomBytes } from 'node:crypto';
import { Agent, Pool, request, type Dispatcher } from 'undici';
import { monotonicMs } from './monotonic.js';
import { wireBody } from './payload.js';
import { serve } from './process-commands.js';

/** What the bare loop reached. */
export interface CeilingReport {
  requestsPerSecond: number;
  /** How many requests were under way at once. */
  concurrency: number;
}

/** How the loop sends: with `undici.request`, or with the pool below it, which looks at no URL and has one origin. */
export type LoopKind = 'request' | 'pool';

const CONCURRENCIES = [32, 64, 128];
const METHOD = 'POST';
const key = randomBytes(24);
/** By what is sent, and how: the number of requests at once that was fastest. */
const best = new Map<string, number>();

/** What a loop sends, and where. */
interface Plan {
  kind: LoopKind;
  url: string;
  /** About how long the data of an event is; as long as a lead unless given. */
  bytes?: number | undefined;
}

interface Sender {
  send: (headers: Record<string, string>, body: Buffer) => Promise<Dispatcher.ResponseData>;
  close: () => Promise<void>;
}

function sender(kind: LoopKind, target: URL, connections: number): Sender {
  const options = { connections, pipelining: 1 };
  if (kind === 'pool') {
    const pool = new Pool(target.origin, options);
    const path = target.pathname;
    return {
      send: (headers, body) => pool.request({ path, method: METHOD, headers, body }),
      close: () => pool.close(),
    };
  }
  const dispatcher = new Agent(options);
  return {
    send: (headers, body) => request(target, { dispatcher, method: METHOD, headers, body }),
    close: () => dispatcher.close(),
  };
}

/** Signs and sends as fast as one process can, and does nothing else: no queue, no database, no retries. */
async function bareLoop(plan: Plan, concurrency: number, milliseconds: number): Promise<number> {
  const { send, close } = sender(plan.kind, new URL('/ceiling', plan.url), concurrency);
  let sent = 0;
  const startedAt = monotonicMs();
  const endAt = startedAt + milliseconds;
  const loop = async () => {
    for (;;) {
      const now = monotonicMs();
      if (now >= endAt) return;
      const body = Buffer.from(wireBody(sent, now, plan.bytes));
      const id = `evt_${sent.toString(16).padStart(32, '0')}`;
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
      sent += 1;
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'bare-loop',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      };
      const response = await send(headers, body);
      await response.body.dump();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (monotonicMs() - startedAt) / 1_000;
  await close();
  return sent / seconds;
}

/** Each is tried three times in turns: a single second on a busy machine may say anything. */
async function fastest(plan: Plan, milliseconds: number): Promise<number> {
  await bareLoop(plan, 64, milliseconds);
  const reached = new Map(CONCURRENCIES.map((concurrency) => [concurrency, 0]));
  for (let round = 0; round < 3; round += 1) {
    for (const [concurrency, sum] of reached) {
      reached.set(concurrency, sum + (await bareLoop(plan, concurrency, milliseconds / 3)));
    }
  }
  return [...reached].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

const commands = {
  /**
   * The first call warms up and looks for the number of requests at once that is fastest; later ones keep it. A process
   * of its own for each kind: neither's code is compiled for the other's.
   */
  measure: async ({ milliseconds, ...plan }: Plan & { milliseconds: number }): Promise<CeilingReport> => {
    const name = `${plan.url} ${plan.bytes}`;
    const concurrency = best.get(name) ?? (await fastest(plan, milliseconds));
    best.set(name, concurrency);
    return { concurrency, requestsPerSecond: await bareLoop(plan, concurrency, milliseconds) };
  },
};

export type CeilingCommands = typeof commands;

serve(commands);
