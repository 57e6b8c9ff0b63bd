import { useSyncExternalStore } from 'react';

/** Whether the engine answers, as the last requests tell, and when it last did. */
export interface Connection {
  isLost: boolean;
  /** Of the last answer, milliseconds since 1970. */
  answeredAt: number;
}

const WATCH_MS = 1_000;
/** With no answer for this long, the engine is asked for a sign of life. */
const QUIET_MS = 2_500;
/** Such a question that takes longer counts as no answer. */
const PATIENCE_MS = 2_000;

let state: Connection = { isLost: false, answeredAt: Date.now() };
let asking = false;
const listeners = new Set<() => void>();

/** An answer came, whatever it says. */
export function heard(): void {
  const wasLost = state.isLost;
  state = { isLost: false, answeredAt: Date.now() };
  if (wasLost) tell();
}

/** A request got no answer of the engine's. */
export function missed(): void {
  if (state.isLost) return;
  state = { ...state, isLost: true };
  tell();
}

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => state);
}

/** Whether the engine is there: asked directly. */
export async function isThere(base: string): Promise<boolean> {
  try {
    const answer = await fetch(`${base}/healthz`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
      cache: 'no-store',
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Looks after the connection while the page is seen, also where nothing else is asked. */
export function watchConnection(base: string): void {
  addEventListener('offline', missed);
  setInterval(() => {
    if (document.hidden || asking) return;
    if (!state.isLost && Date.now() - state.answeredAt < QUIET_MS) return;
    asking = true;
    void isThere(base).then((there) => {
      asking = false;
      if (there) heard();
      else missed();
    });
  }, WATCH_MS);
}
