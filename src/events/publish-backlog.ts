import { Unavailable } from '../core/errors.js';
import type { PublishRequest } from './store.js';

/** What may wait to be written at once, in this process. A second's work of a fast machine, and no burden on its memory. */
const MAX_EVENTS = 20_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** Bounds what waits for the database: who comes when it is full learns so at once, and nothing of theirs is kept. */
export class PublishBacklog {
  private events = 0;
  private characters = 0;

  /** Runs `work` for a request that fits, which counts until it is done. Throws `Unavailable` for one that does not. */
  async run<T>({ drafts }: PublishRequest, work: () => Promise<T>): Promise<T> {
    let characters = 0;
    for (const { text } of drafts) characters += text.length;
    const isTooMuch =
      this.events + drafts.length > MAX_EVENTS || this.characters + characters > MAX_CHARACTERS;
    // Alone it may be as large as a request can be.
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
