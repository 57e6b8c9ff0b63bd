/** How a worker that has not been heard of for a while looks to another one. */
export interface WorkerObservation {
  /** Whether its process ran on this machine and is no more. */
  isGone: boolean;
  /** Whether its database session can be told from others': a pooler may hide it. */
  hasSession: boolean;
  isSessionOpen: boolean;
  /** Since its last heartbeat, milliseconds. */
  silentMs: number;
  /** Since the looker saw for the first time that it is silent, milliseconds, and has seen nothing else since. */
  watchedMs: number;
}

/** Whoever has just found the database again does not take the others for dead that are about to do so. */
const MIN_WATCH_MS = 2_000;
/** Without its session. A living worker opens a new one within a second. */
const SILENT_MS = 4_000;
/** Where a session says nothing. */
const SILENT_SESSIONLESS_MS = 6_000;
/** With its session: it stands still, and may go on. The system tells the database of a machine that is gone. */
const SILENT_IN_SESSION_MS = 30_000;

/** Whether nothing will come of what it has leased. It may be alive after all, and then finds that its leases have fallen. */
export function isWorkerDead({
  isGone,
  hasSession,
  isSessionOpen,
  silentMs,
  watchedMs,
}: WorkerObservation): boolean {
  if (isGone) return true;
  if (watchedMs < MIN_WATCH_MS) return false;
  if (!hasSession) return silentMs > SILENT_SESSIONLESS_MS;
  return silentMs > (isSessionOpen ? SILENT_IN_SESSION_MS : SILENT_MS);
}
