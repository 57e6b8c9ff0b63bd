import { Unavailable } from '../core/errors.js';
import type { PublishRequest } from './store.js';

/** What may wait for the database in this process: about a second's work. */
const MAX_EVENTS = 20_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** How much data a request has, which is what parsing, storing and sending it cost when it is much. */
export function charactersOf(drafts: PublishRequest['drafts']): number {
  let characters = 0;
  for (const { text } of drafts) characters += text.length;
  return characters;
}

/** Bounds the memory of requests that wait for the database. One that does not fit is refused at once. */
export class PublishBacklog {
  private events = 0;
  private characters = 0;

  /** Runs `work`; the request counts until it is done. Throws `Unavailable` when it does not fit. */
  async run<T>({ drafts }: PublishRequest, work: () => Promise<T>): Promise<T> {
    const characters = charactersOf(drafts);
    const isTooMuch =
      this.events + drafts.length > MAX_EVENTS || this.characters + characters > MAX_CHARACTERS;
    // A request of any size fits when no other waits.
    if (isTooMuch && this.events > 0) {
      throw new Unavailable('Too many events wait for the database. Nothing was stored; repeat the request.');
    }
    this.events += drafts.length;
    this.characters += characters;
    try {
      return await work();
    } finally {
      this.events -= drafts.length;
      this.characters -= characters;
    }
  }
}
