import { createHmac, randomBytes } from 'node:crypto';
import { Pool } from 'undici';
import { monotonicMs } from './monotonic.js';
import { wireBody } from './payload.js';
import { serve } from './process-commands.js';

/** What the bare loop reached. */
export interface CeilingReport {
  requestsPerSecond: number;
  /** How many requests were under way at once. */
  concurrency: number;
}

const CONCURRENCIES = [32, 64, 128];
const key = randomBytes(24);
let best: number | null = null;

/** Signs and sends as fast as one process can, and does nothing else: no queue, no database, no retries. */
async function bareLoop(url: string, concurrency: number, milliseconds: number): Promise<number> {
  const pool = new Pool(new URL(url).origin, { connections: concurrency, pipelining: 1 });
  const path = '/ceiling';
  let sent = 0;
  const startedAt = monotonicMs();
  const endAt = startedAt + milliseconds;
  const loop = async () => {
    for (;;) {
      const now = monotonicMs();
      if (now >= endAt) return;
      const body = Buffer.from(wireBody(sent, now));
      const id = `evt_${sent.toString(16).padStart(32, '0')}`;
      const timestamp = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
      sent += 1;
      const response = await pool.request({
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'bare-loop',
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
        body,
      });
      await response.body.dump();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  const seconds = (monotonicMs() - startedAt) / 1_000;
  await pool.close();
  return sent / seconds;
}

const commands = {
  /** The first call warms up and looks for the number of requests at once that is fastest; later ones keep it. */
  measure: async ({ url, milliseconds }: { url: string; milliseconds: number }): Promise<CeilingReport> => {
    if (best === null) {
      await bareLoop(url, 64, milliseconds);
      let record = 0;
      for (const concurrency of CONCURRENCIES) {
        const reached = await bareLoop(url, concurrency, milliseconds / 2);
        if (reached > record) [record, best] = [reached, concurrency];
      }
    }
    const concurrency = best ?? 64;
    return { concurrency, requestsPerSecond: await bareLoop(url, concurrency, milliseconds) };
  },
};

export type CeilingCommands = typeof commands;

serve(commands);
