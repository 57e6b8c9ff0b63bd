import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readBehind } from '../endpoints/throttles.js';

/** Between two looks, milliseconds. */
const LOOK_MS = 200;
/** Questions until the next look while nothing is behind: who publishes little makes no statement for it. */
const ASKED = 50;

/** For processes that deliver nothing: whether the workers elsewhere are behind, as they said a moment ago. */
@Injectable()
export class FleetBacklog {
  private behind: ReadonlySet<string> = new Set();
  private lookedAt = -Infinity;
  private asked = 0;
  private isLooking = false;

  constructor(private readonly database: Database) {}

  /** Whether more waits for one of these subscriptions than workers can send soon, although its endpoint could. */
  isBehindFor(subscriptionIds: () => string[]): boolean {
    this.asked += 1;
    const isDue = performance.now() - this.lookedAt >= LOOK_MS;
    if (isDue && !this.isLooking && (this.behind.size > 0 || this.asked >= ASKED)) void this.look();
    return this.behind.size > 0 && subscriptionIds().some((id) => this.behind.has(id));
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    try {
      this.behind = new Set(await readBehind(this.database.sql));
    } catch {
      // A database that is away slows everybody down by itself.
      this.behind = new Set();
    }
    [this.isLooking, this.asked, this.lookedAt] = [false, 0, performance.now()];
  }
}
