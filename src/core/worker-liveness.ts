/** What another worker knows about one without a recent heartbeat. */
export interface WorkerObservation {
  /** Whether its process ran on this machine and has ended. */
  isGone: boolean;
  /** Whether its database session can be identified: a pooler may hide it. */
  hasSession: boolean;
  isSessionOpen: boolean;
  /** It has leased nothing, and writes no heartbeats. */
  isResting: boolean;
  /** Since its last heartbeat, milliseconds. */
  silentMs: number;
  /** How long the observer has seen it silent without interruption, milliseconds. */
  watchedMs: number;
}

/** After an outage of the database, the others get this time to come back, too. */
const MIN_WATCH_MS = 2_000;
/** Without its session: a living worker opens a new one within a second. */
const SILENT_MS = 4_000;
/** A resting worker without its session: it trusts each look at the database for six seconds. */
const WATCH_RESTING_MS = 8_000;
/** When sessions cannot be identified. */
const SILENT_SESSIONLESS_MS = 6_000;
/** With its session: the process hangs and may continue. When its machine is gone, TCP ends the session. */
const SILENT_IN_SESSION_MS = 30_000;

/** Whether its leases may be taken back. If it is alive after all, it finds its leases gone. */
export function isWorkerDead({
  isGone,
  hasSession,
  isSessionOpen,
  isResting,
  silentMs,
  watchedMs,
}: WorkerObservation): boolean {
  if (isGone) return true;
  if (isResting) return !isSessionOpen && watchedMs >= WATCH_RESTING_MS;
  if (watchedMs < MIN_WATCH_MS) return false;
  if (!hasSession) return silentMs > SILENT_SESSIONLESS_MS;
  return silentMs > (isSessionOpen ? SILENT_IN_SESSION_MS : SILENT_MS);
}
