import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import type { OwnSession } from '../../database/own-session.js';
import { LISTEN, NOTIFY_OTHERS, UNLOCK, WORK_CHANNEL, WorkSignal } from '../../database/work-signal.js';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import { Heartbeat } from './heartbeat.js';

/** How many intervals of the sweeper lie between two looks of an idle worker. */
const SWEEPS = 3;

interface LookRow extends Record<string, unknown> {
  hold: 'mine' | 'other' | 'none';
}

/**
 * Looks for everything that an idle worker waits for with one statement every six seconds, and listens for what cannot
 * wait that long. It uses the session of the heartbeat; without one all pollers go on by themselves.
 */
@Injectable()
export class WorkWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private session: OwnSession | null = null;
  /** The session that listens. */
  private listening: OwnSession | null = null;
  private hold: LookRow['hold'] = 'none';
  private readonly poller = new Poller(() => this.step());

  constructor(
    private readonly signal: WorkSignal,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly heartbeat: Heartbeat,
  ) {}

  onApplicationBootstrap(): void {
    this.heartbeat.onSession((session) => this.use(session));
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.stopListening().catch(() => undefined);
  }

  private get everyMs(): number {
    return this.settings.sweepIntervalMs * SWEEPS;
  }

  private use(session: OwnSession | null): void {
    this.session = session;
    this.hold = 'none';
    this.signal.setWatched(false);
    session?.onNotification((channel) => {
      if (channel === WORK_CHANNEL) this.onNotification();
    });
  }

  /** The sender's transaction has committed. From now on the pollers look by themselves, without notifications. */
  private onNotification(): void {
    this.signal.found();
    if (this.signal.isWatched) this.signal.setWatched(false);
    else this.signal.wakeAll();
    this.poller.wake();
  }

  /** Gives for how long to rest, milliseconds. */
  private async step(): Promise<number> {
    const { session } = this;
    try {
      if (!this.signal.isQuiet) await this.stopListening();
      else if (session) await this.look(session);
    } catch {
      // The session is lost: the heartbeat opens another one, and says so.
      if (session === this.session) this.signal.setWatched(false);
    }
    return this.everyMs;
  }

  private async look(session: OwnSession): Promise<void> {
    if (this.listening !== session) await session.sql(LISTEN);
    this.listening = session;
    const [row] = await session.sql<LookRow>(this.signal.look, [this.clock.date(), this.hold === 'mine']);
    if (session !== this.session || !row) return;
    const isChanged = row.hold !== this.hold;
    this.hold = row.hold;
    if (isChanged) this.signal.setWatched(false);
    this.signal.setWatched(row.hold !== 'none' && this.signal.isQuiet);
    this.signal.wakeDue(row);
  }

  /** Nobody is notified for this worker any more. Other workers that rest are woken first. */
  private async stopListening(): Promise<void> {
    this.signal.setWatched(false);
    const { session, hold } = this;
    this.hold = 'none';
    if (!session || hold !== 'mine') return;
    await session.sql(NOTIFY_OTHERS);
    await session.sql(UNLOCK);
  }
}
