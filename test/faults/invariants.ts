import { parsePublicId } from '../../src/core/ids.js';
import { eventually } from '../support/condition.js';
import type { Receiver } from '../support/receiver.js';
import { memoryOf, type Fleet } from './fleet.js';

/** How many more requests than attempts, and than events, the injected faults may have caused. */
export interface Allowance {
  /** Requests a dead process had under way: seen by the receiver, or in the log as `interrupted`, or both. */
  kills?: number;
  timeoutMs?: number;
  /** A process is frozen and cannot be asked. */
  frozen?: boolean;
}

/**
 * What must hold once the fleet has recovered: every accepted event has a succeeded delivery, every succeeded delivery
 * was seen, repetitions carry the same webhook-id and are no more than the faults, and the log tells what the receiver
 * saw.
 */
export async function expectNothingLost(
  fleet: Fleet,
  receiver: Receiver & { subscription: string },
  { kills = 0, timeoutMs = 90_000, frozen = false }: Allowance = {},
): Promise<void> {
  const subscription = parsePublicId('sub', receiver.subscription);
  await eventually(
    async () => {
      const { rows } = await fleet.database.query<{ status: string; count: number }>(
        `SELECT status, count(*)::int AS count FROM posthorn.deliveries WHERE subscription_id = $1 GROUP BY status`,
        [subscription],
      );
      const open = rows.filter(({ status }) => status !== 'succeeded');
      if (open.length > 0) throw new Error(`Not all are delivered: ${JSON.stringify(rows)}`);
      return true;
    },
    { timeoutMs },
  );
  const { rows: deliveries } = await fleet.database.query<{ event_id: string }>(
    `SELECT event_id FROM posthorn.deliveries WHERE subscription_id = $1`,
    [subscription],
  );
  const delivered = new Set(deliveries.map((row) => `evt_${row.event_id.replaceAll('-', '')}`));
  const seen = new Set(receiver.requests.map((request) => String(request.headers['webhook-id'])));
  expect(fleet.accepted.filter((id) => !delivered.has(id))).toEqual([]);
  expect([...delivered].filter((id) => !seen.has(id))).toEqual([]);
  expect([...seen].filter((id) => !delivered.has(id))).toEqual([]);
  const { rows: attempts } = await fleet.database.query<{ sent: number; interrupted: number }>(
    `SELECT count(*) FILTER (WHERE a.error_code IS DISTINCT FROM 'interrupted')::int AS sent,
            count(*) FILTER (WHERE a.error_code = 'interrupted')::int AS interrupted
     FROM posthorn.attempts a JOIN posthorn.deliveries d ON d.id = a.delivery_id WHERE d.subscription_id = $1`,
    [subscription],
  );
  const { sent = 0, interrupted = 0 } = attempts[0] ?? {};
  expect(receiver.requests.length).toBeGreaterThanOrEqual(sent);
  expect(receiver.requests.length).toBeLessThanOrEqual(sent + Math.max(interrupted, kills));
  if (!frozen) await expectMemoryBack(fleet);
}

/** Processes that were there from the start hold no more than a fifth more than they did then. */
async function expectMemoryBack(fleet: Fleet): Promise<void> {
  for (const [member, before] of fleet.memory) {
    if (member.child.exitCode !== null || member.child.signalCode !== null) continue;
    await eventually(async () => expect(await memoryOf(member)).toBeLessThan(before * 1.2), {
      timeoutMs: 30_000,
    });
  }
}
