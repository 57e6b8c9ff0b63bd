import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLeaseOf, newLease, newWorkerId } from '../../core/lease.js';
import { isWorkerDead } from '../../core/worker-liveness.js';
import { Database } from '../../database/database.js';
import { isProcessGone, thisProcess } from '../../database/process-identity.js';
import { endWorkers, leaveWorkers, type SilentWorker } from '../../deliveries/worker-registry.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import type { OwnSession } from '../../database/own-session.js';
import { WorkerSession } from './worker-session.js';

const BEAT_MS = 1_000;
/** After a heartbeat that failed. */
const AGAIN_MS = 250;
/** A worker that has leased nothing for longer than a lease lasts rests: it only reads, and less often. */
const RESTING_BEAT_MS = 4_000;
/** While another worker is silent. */
const WATCHING_BEAT_MS = 500;
/** A worker that has missed two heartbeats is checked. */
const SILENT_MS = 2_000;
/**
 * After so long without a heartbeat a worker may soon be considered dead. It confirms that it is not before it leases
 * more.
 */
const FRESH_MS = 3_000;
/** The same after a heartbeat of a resting worker, whom the others watch for longer. */
const FRESH_RESTING_MS = 6_000;
/** How long `confirmed` waits for a heartbeat. */
const PATIENCE_MS = 2_000;
/** A lease begins a little after its worker is asked for it. */
const LEASE_MARGIN_MS = 5_000;

/**
 * Records once a second that this worker is alive, and finds workers that are not: their leases are recovered at once,
 * and not when they expire (ADR 8). A worker that was considered dead because it had stalled goes on under a new id;
 * its old leases fence off what it had.
 */
@Injectable()
export class Heartbeat {
  private readonly logger = new Logger('workers');
  private readonly stopping = new AbortController();
  private id = newWorkerId();
  private session: WorkerSession | null = null;
  private heardAt = -Infinity;
  /** Whether the last heartbeat said that this worker rests, and when it was needed again since then. */
  private isResting = false;
  private awokeAt: number | null = null;
  /** When a lease was last asked for. */
  private usedAt = performance.now();
  private onSessionChange: ((session: OwnSession | null) => void) | null = null;
  private resting = new AbortController();
  /** When each silent worker was first found silent, monotonic milliseconds. */
  private watched = new Map<string, number>();
  private beating: Promise<void> = Promise.resolve();
  private onDeath: (() => void) | null = null;
  private hasFoundDead = false;

  constructor(
    private readonly database: Database,
    private readonly metrics: ProcessMetrics,
    /** How long a lease lasts at the most, milliseconds. */
    private readonly leaseMs: number,
  ) {}

  /** Whether no other worker can have considered this one dead. */
  get isFresh(): boolean {
    const now = performance.now();
    const age = now - this.heardAt;
    if (!this.isResting) return age < FRESH_MS;
    return age < FRESH_RESTING_MS && (this.awokeAt === null || now - this.awokeAt < FRESH_MS);
  }

  /** Whether this worker has leased something within the last milliseconds. */
  hasLeasedWithin(ms: number): boolean {
    return performance.now() - this.usedAt < ms;
  }

  /** The first half of this worker's leases. */
  get workerId(): string {
    return this.id;
  }

  newLease(): string {
    this.noteLease();
    return newLease(this.id);
  }

  /** A lease was made, by this worker or for it: it is idle no more. */
  noteLease(): void {
    this.usedAt = performance.now();
    this.awokeAt ??= this.usedAt;
    if (this.isResting) this.resting.abort();
  }

  /** Whether the lease was made under this worker's present id. */
  owns(lease: string): boolean {
    return isLeaseOf(lease, this.id);
  }

  /** Waits, a moment at the most, until the last heartbeat is fresh. */
  async confirmed(): Promise<void> {
    for (let waited = 0; !this.isFresh && waited < PATIENCE_MS && !this.stopping.signal.aborted; waited += 10)
      await sleep(10);
  }

  /**
   * Calls `onDeath` whenever dead workers are found, and now if some were found before. Throws for a second listener.
   */
  attach(onDeath: () => void): void {
    if (this.onDeath) throw new Error('The heartbeat has a listener already.');
    this.onDeath = onDeath;
    if (this.hasFoundDead) onDeath();
  }

  /** Calls `listener` with this worker's own session now and whenever it changes; null: there is none. */
  onSession(listener: (session: OwnSession | null) => void): void {
    this.onSessionChange = listener;
    listener(this.session?.own ?? null);
  }

  /** Registers this worker. The first check covers all others: one may have run on this machine and be gone. */
  async begin(): Promise<void> {
    await this.beat(0);
    this.beating = this.run();
  }

  /** Stops the heartbeat, and leaves this worker's leases to the others. */
  async end(): Promise<void> {
    this.stopping.abort();
    this.resting.abort();
    await this.beating;
    this.closeSession();
    await leaveWorkers(this.database.sql, this.id).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let rest = BEAT_MS;
    for (;;) {
      await this.rest(rest);
      if (signal.aborted) return;
      try {
        await this.beat(SILENT_MS);
        rest = this.restMs;
      } catch (error) {
        this.dropSession(error as Error);
        rest = AGAIN_MS;
      }
    }
  }

  /** Until the next heartbeat, or until a resting worker is needed or has lost its session. */
  private async rest(ms: number): Promise<void> {
    this.resting = new AbortController();
    const { signal } = this.resting;
    if (this.stopping.signal.aborted || (this.isResting && this.awokeAt !== null)) return;
    await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
  }

  private get restMs(): number {
    if (this.watched.size > 0) return WATCHING_BEAT_MS;
    return this.isResting ? RESTING_BEAT_MS : BEAT_MS;
  }

  private get mayRest(): boolean {
    return !this.hasLeasedWithin(this.leaseMs + LEASE_MARGIN_MS);
  }

  private async beat(silentMs: number): Promise<void> {
    const session = (this.session ??= await this.openSession());
    const at = performance.now();
    const { mayRest } = this;
    if (mayRest) this.awokeAt = null;
    const { isKnown, silent, isResting } = await session.beat(silentMs, mayRest);
    if (!isKnown) return this.renew();
    this.isResting = isResting;
    this.heardAt = at;
    await this.endDeadWorkers(silent, at);
  }

  private async openSession(): Promise<WorkerSession> {
    const session = await WorkerSession.open(this.database, this.id, thisProcess());
    session.own?.onEnd(() => {
      if (this.session === session) this.resting.abort();
    });
    this.onSessionChange?.(session.own);
    return session;
  }

  private closeSession(): void {
    const { session } = this;
    this.session = null;
    if (session) this.onSessionChange?.(null);
    session?.close();
  }

  /** Other workers have recovered this one's leases. */
  private async renew(): Promise<void> {
    this.metrics.counters.leaseLosses.inc();
    this.logger.warn({ msg: 'workers.replaced', worker: this.id });
    this.id = newWorkerId();
    this.isResting = false;
    this.closeSession();
    await this.beat(SILENT_MS);
  }

  private async endDeadWorkers(silent: SilentWorker[], at: number): Promise<void> {
    this.watched = new Map(silent.map(({ id }) => [id, this.watched.get(id) ?? at]));
    const dead = silent.filter((worker) =>
      isWorkerDead({
        ...worker,
        isGone: isProcessGone(worker.space, worker.pid, worker.start),
        watchedMs: at - (this.watched.get(worker.id) ?? at),
      }),
    );
    if (dead.length === 0) return;
    const ended = await endWorkers(this.database.sql, dead);
    if (ended.length === 0) return;
    this.logger.warn({ msg: 'workers.died', workers: ended });
    this.hasFoundDead = true;
    this.onDeath?.();
  }

  private dropSession(error: Error): void {
    // Silence counts from now on: the others may have lost the database, too.
    this.watched.clear();
    if (this.session) this.logger.warn({ msg: 'workers.session_lost', error: error.message });
    this.closeSession();
  }
}
