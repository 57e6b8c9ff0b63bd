import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../database/database.js';
import type { WorkSignal } from '../database/work-signal.js';
import type { Sweeper } from '../dispatcher/upkeep/sweeper.js';
import type { HandClock } from './hand-clock.js';

/**
 * What is due or in flight at a time. `busy`: being sent. `waiting`: due, and held up by a limit of its endpoint. The
 * message makes its commit wait for the disk, as the commits of the worker do.
 */
const STATE = {
  name: 'testing_state',
  text: `SELECT
      (SELECT count(*)::int FROM posthorn.deliveries WHERE status = 'pending' AND lease IS NOT NULL) AS busy,
      (SELECT count(*)::int FROM posthorn.deliveries d JOIN posthorn.subscriptions s ON s.id = d.subscription_id
        WHERE d.status = 'pending' AND d.lease IS NULL AND d.next_attempt_at <= $1
          AND (s.waits_until IS NULL OR s.waits_until <= $1))
      + (SELECT count(*)::int FROM posthorn.jobs WHERE finished_at IS NULL AND next_slice_at <= $1)
      + (SELECT count(*)::int FROM posthorn.broadcasts WHERE finished_at IS NULL AND next_slice_at <= $1)
      + (SELECT count(*)::int FROM posthorn.event_expiries WHERE NOT done AND expires_at <= $1) AS waiting,
      (SELECT coalesce(sum(attempt_count), 0)::int FROM posthorn.deliveries) AS attempts,
      pg_logical_emit_message(true, 'posthorn_testing', '')`,
};

/** When something becomes due after a time, and not after another. */
const NEXT = {
  name: 'testing_next',
  text: `SELECT min(at) AS at FROM (
      SELECT next_attempt_at AS at FROM posthorn.deliveries WHERE status = 'pending'
      UNION ALL SELECT next_probe_at FROM posthorn.subscriptions
      UNION ALL SELECT waits_until FROM posthorn.subscriptions
      UNION ALL SELECT next_slice_at FROM posthorn.jobs WHERE finished_at IS NULL AND paused_at IS NULL
      UNION ALL SELECT next_slice_at FROM posthorn.broadcasts WHERE finished_at IS NULL
      UNION ALL SELECT expires_at FROM posthorn.event_expiries WHERE NOT done
    ) AS times WHERE at > $1 AND at <= $2`,
};

interface State {
  busy: number;
  waiting: number;
  attempts: number;
}

/**
 * Nothing moved in so many looks: what is due waits for the clock, as with a limit of requests. Looks, and no time: a
 * slow disk or a stalled process delays them as it does the worker.
 */
const STILL_LOOKS = 80;
/** Between two looks, real milliseconds. */
const LOOK_MS = 5;
/** An endpoint that hangs is waited for, as long as its timeout may be and longer. */
const PATIENCE_MS = 60_000;
const FIRST_STEP_MS = 1_000;

/** Moves an engine's clock from one moment at which something is due to the next, and waits until it is done. */
export class TimeTravel {
  constructor(
    private readonly clock: HandClock,
    private readonly database: Database,
    private readonly sweeper: Sweeper,
    private readonly work: WorkSignal,
  ) {}

  /** Moves forward by these milliseconds. */
  async advance(ms: number): Promise<number> {
    const end = this.clock.now() + ms;
    let step = FIRST_STEP_MS;
    let waiting = await this.settle();
    while (this.clock.now() < end) {
      const [next] = await this.database.sql<{ at: Date | null }>(NEXT, [this.clock.date(), new Date(end)]);
      const limit = waiting > 0 ? this.clock.now() + step : end;
      this.clock.set(Math.min(next?.at?.getTime() ?? end, limit, end));
      step = waiting > 0 ? step * 2 : FIRST_STEP_MS;
      waiting = await this.settle();
    }
    return this.clock.now();
  }

  /** Waits until nothing is due or in flight. Returns how much is due and held up by a limit. */
  async settle(): Promise<number> {
    const giveUpAt = performance.now() + PATIENCE_MS;
    let stillLooks = 0;
    let before: State | undefined;
    for (;;) {
      const isSwept = await this.sweeper.sweep(0);
      // An idle engine looks by the seconds of the real clock.
      if (this.work.isWatched) this.work.wakeAll();
      const [state] = await this.database.sql<State>(STATE, [this.clock.date()]);
      if (!state) throw new Error('The state of the test engine cannot be read.');
      // The sweep that was under way may have begun before the clock was moved.
      if (isSwept && state.busy + state.waiting === 0) return 0;
      const isStill =
        isSwept &&
        state.busy === 0 &&
        state.waiting === before?.waiting &&
        state.attempts === before.attempts;
      stillLooks = isStill ? stillLooks + 1 : 0;
      if (stillLooks > STILL_LOOKS) return state.waiting;
      if (performance.now() > giveUpAt)
        throw new Error(`${state.busy} deliveries are still being sent after a minute.`);
      before = state;
      await delay(LOOK_MS);
    }
  }
}
