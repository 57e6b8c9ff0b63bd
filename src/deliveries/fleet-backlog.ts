import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { readBehind } from '../endpoints/throttles.js';

/** The shortest time between two queries, milliseconds. */
const LOOK_MS = 200;
/** While nothing is behind, one query for so many calls: a process that publishes little makes hardly any. */
const ASKED = 50;

/** For processes without a worker: whether the workers elsewhere are behind, as they last reported. */
@Injectable()
export class FleetBacklog {
  private behind: ReadonlySet<string> = new Set();
  private checkedAt = -Infinity;
  private asked = 0;
  private isLooking = false;

  constructor(private readonly database: Database) {}

  /** Whether more waits for one of these subscriptions than the workers can send soon, though its endpoint is free. */
  isBehindFor(subscriptionIds: () => string[]): boolean {
    this.asked += 1;
    const isDue = performance.now() - this.checkedAt >= LOOK_MS;
    if (isDue && !this.isLooking && (this.behind.size > 0 || this.asked >= ASKED)) void this.look();
    return this.behind.size > 0 && subscriptionIds().some((id) => this.behind.has(id));
  }

  private async look(): Promise<void> {
    this.isLooking = true;
    try {
      this.behind = new Set(await readBehind(this.database.sql));
    } catch {
      // Without the database nothing is published anyway.
      this.behind = new Set();
    }
    [this.isLooking, this.asked, this.checkedAt] = [false, 0, performance.now()];
  }
}
