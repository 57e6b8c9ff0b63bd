import { newUuid } from '../../src/core/ids.js';
import type { DeliveryStatus } from '../../src/core/domain-types.js';
import type { Sql } from '../../src/database/sql.js';
import { heldWhenExhausted, isLost, lossesOf } from '../../src/dispatcher/health/exhausted.js';
import type { FinishedAttempt } from '../../src/dispatcher/attempt/finish-attempt.js';
import type { Health } from '../../src/endpoints/health.js';
import { at, finishedAttempt, HEALTHY, NOW, type AttemptFacts } from '../support/finished-attempt.js';

const HOLDS: Health = { ...HEALTHY, onExhausted: 'hold', whilePaused: 'hold' };

/** The `n`th attempt, and the last one of its schedule. */
function last(n: number, facts: AttemptFacts = {}): FinishedAttempt {
  const attempt = finishedAttempt('exhausted', facts);
  return { ...attempt, record: { ...attempt.record, n } };
}

interface Asked {
  held: string[];
  /** The ids that the database was asked for, by statement. */
  asked: string[][];
}

/** `first`: what the database knows of when deliveries first failed. */
async function hold(
  attempts: FinishedAttempt[],
  { health = HOLDS, first = {} }: { health?: Health | null; first?: Record<string, Date> } = {},
): Promise<Asked> {
  const asked: string[][] = [];
  const sql = ((_statement: unknown, [ids]: [string[]]) => {
    asked.push(ids);
    return Promise.resolve(ids.flatMap((id) => (first[id] ? [{ id, at: first[id] }] : [])));
  }) as unknown as Sql;
  const healths = new Map(health && [['s', health]]);
  return { held: [...(await heldWhenExhausted(sql, healths, attempts))], asked };
}

describe('a delivery whose schedule is used up', () => {
  it('is held when its subscription asks for it', async () => {
    expect(await hold([last(1)])).toEqual({ held: ['d'], asked: [] });
  });

  it.each<[string, Partial<Health> | null]>([
    ['fails exhausted deliveries', { onExhausted: 'fail' }],
    ['skips what comes while it is paused', { whilePaused: 'skip' }],
    ['is deleted', null],
  ])('is not held when its subscription %s, and the database is not asked', async (_title, change) => {
    const health = change && { ...HOLDS, ...change };
    expect(await hold([last(2)], { health })).toEqual({ held: [], asked: [] });
  });

  it.each<[string, AttemptFacts]>([
    ['a test send', { trigger: 'test' }],
    ['a retry of its own', { override: 'once' }],
    ['a probe', { override: 'probe' }],
  ])('is not held after %s, which has no schedule', async (_title, facts) => {
    expect(await hold([last(2, facts)])).toEqual({ held: [], asked: [] });
  });

  it.each(['template_failed', 'conversion_failed'] as const)(
    'is not held after %s: nothing was sent, so the endpoint cannot recover from it',
    async (errorCode) => {
      const attempt = last(2);
      const unrendered = { ...attempt, record: { ...attempt.record, errorCode } };
      expect(await hold([unrendered])).toEqual({ held: [], asked: [] });
    },
  );

  it('is held after a manual retry, too', async () => {
    expect((await hold([last(1, { override: 'manual' })])).held).toEqual(['d']);
  });

  it.each(['delivered', 'retry', 'gone', 'refused'] as const)(
    'is not held by the verdict %s',
    async (kind) => {
      expect(await hold([finishedAttempt(kind)])).toEqual({ held: [], asked: [] });
    },
  );
});

describe('a success of the endpoint', () => {
  const recovered = (ms: number) => ({ ...HOLDS, lastRecoveryAt: at(ms) });

  it('after the first failure shows that the delivery is the problem: it is not held', async () => {
    expect((await hold([last(1, { end: 5 })], { health: recovered(6) })).held).toEqual([]);
    expect((await hold([last(1, { end: 5 })], { health: recovered(5) })).held).toEqual(['d']);
  });

  it('counts from the first failure of several, for which the database is asked once', async () => {
    const attempts = [
      last(3, { id: 'old', end: 100 }),
      last(2, { id: 'new', end: 100 }),
      last(1, { id: 'one', end: 100 }),
    ];
    const first = { old: at(10), new: at(50) };
    const { held, asked } = await hold(attempts, { health: recovered(30), first });
    expect(asked).toEqual([['old', 'new']]);
    expect(held).toEqual(['new', 'one']);
  });

  it('is compared with this failure when no earlier one counts', async () => {
    expect((await hold([last(2, { end: 100 })], { health: recovered(99) })).held).toEqual(['d']);
    expect((await hold([last(2, { end: 100 })], { health: recovered(101) })).held).toEqual([]);
  });

  it('counts when it is in the same batch, unless it is of another endpoint', async () => {
    const exhausted = last(1, { end: 5 });
    const other = finishedAttempt('delivered', { id: 'o', subscriptionId: 'other', end: 50 });
    const failed = finishedAttempt('retry', { id: 'r', end: 50 });
    const success = finishedAttempt('delivered', { id: 'g', end: 50 });
    expect((await hold([exhausted, other, failed])).held).toEqual(['d']);
    expect((await hold([exhausted, success])).held).toEqual([]);
  });
});

describe('a lost delivery', () => {
  it('has failed with its schedule used up', () => {
    expect(isLost(last(1), 'failed')).toBe(true);
    expect(isLost(last(1), 'held')).toBe(false);
    expect(isLost(finishedAttempt('gone'), 'failed')).toBe(false);
    expect(isLost(last(1, { trigger: 'test' }), 'failed')).toBe(false);
  });

  it('is counted for its subscription, with the oldest event, the first and the last failure', () => {
    const lose = (subscriptionId: string, published: number, end: number) => {
      const attempt = last(1, { subscriptionId, end });
      attempt.ready.delivery.eventId = newUuid(NOW + published);
      return attempt;
    };
    const attempts = [
      lose('a', 200, 1_000),
      lose('b', 50, 2_000),
      lose('a', 100, 3_000),
      lose('a', 300, 500),
      lose('a', 400, 2_500),
      lose('a', 0, 0),
    ];
    const statuses: DeliveryStatus[] = ['failed', 'failed', 'failed', 'failed', 'failed', 'held'];
    const losses = lossesOf(attempts, (index) => statuses[index] as DeliveryStatus);
    expect(Object.fromEntries(losses)).toEqual({
      a: { count: 4, since: at(100), firstAt: at(500), lastAt: at(3_000) },
      b: { count: 1, since: at(50), firstAt: at(2_000), lastAt: at(2_000) },
    });
    expect(lossesOf(attempts, () => 'succeeded').size).toBe(0);
  });
});
