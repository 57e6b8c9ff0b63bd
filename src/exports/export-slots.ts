import { Injectable } from '@nestjs/common';
import { Throttled } from '../core/errors.js';

/** Exports under way at once in a process: of one space, and of all together. */
const LIMITS = { one: 4, all: 8 };
/** Seconds after which to ask again. An export ends when it ends. */
const RETRY_AFTER_SECONDS = 5;

/** Bounds the memory and the database load of exports. */
@Injectable()
export class ExportSlots {
  private total = 0;
  private readonly bySpace = new Map<string, number>();

  /**
   * Gives what ends the export's share; it may be called more than once. Throws `Throttled` when there is none left.
   */
  reserve(spaceId: string): () => void {
    const mine = this.bySpace.get(spaceId) ?? 0;
    if (mine >= LIMITS.one)
      throw new Throttled(
        `This space has ${LIMITS.one} exports in progress already. Wait for one to end.`,
        RETRY_AFTER_SECONDS,
      );
    if (this.total >= LIMITS.all)
      throw new Throttled('Too many exports are in progress. Repeat this one later.', RETRY_AFTER_SECONDS);
    this.total += 1;
    this.bySpace.set(spaceId, mine + 1);
    let isReserved = true;
    return () => {
      if (isReserved) this.release(spaceId);
      isReserved = false;
    };
  }

  private release(spaceId: string): void {
    this.total -= 1;
    const left = (this.bySpace.get(spaceId) ?? 0) - 1;
    if (left > 0) this.bySpace.set(spaceId, left);
    else this.bySpace.delete(spaceId);
  }
}
