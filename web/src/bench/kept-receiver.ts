/** A receiver of this tab, so that going to another page and back keeps what it shows. */
export interface Receiver {
  id: string;
  url: string;
  /** How it answers. */
  answer: string;
}

const name = (space: string) => `posthorn-receiver:${space}`;

export function keptReceiver(space: string): Receiver | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(name(space)) ?? 'null') as Partial<Receiver> | null;
    return typeof kept?.id === 'string' && typeof kept.url === 'string'
      ? { id: kept.id, url: kept.url, answer: kept.answer ?? 'ok' }
      : null;
  } catch {
    return null;
  }
}

export function keepReceiver(space: string, receiver: Receiver): void {
  try {
    sessionStorage.setItem(name(space), JSON.stringify(receiver));
  } catch {
    // A frame that may store nothing makes a new one next time.
  }
}

export function forgetReceiver(space: string): void {
  try {
    sessionStorage.removeItem(name(space));
  } catch {
    // Nothing was stored.
  }
}
