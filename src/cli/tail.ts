import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { LRUCache } from 'lru-cache';
import { CliFailure } from './cli-failure.js';
import type { Page } from './client.js';
import { Context } from './context.js';
import { cells, type Delivery } from './deliveries.js';
import { MAX_FAILURES, waitBeforeRetry } from './retry.js';
import { visible } from './visible.js';

const TAIL_MS = 1_000;
const PAGE = 100;
/** How many deliveries are looked at each time. What changes beyond them is not shown. */
const MAX_PAGES = 20;

/** `posthorn tail` */
export function addTailCommand(program: Command): void {
  program
    .command('tail')
    .description('follow new deliveries until Ctrl-C')
    .option('--since <time>', 'start at this time, such as 2026-01-31 or 2026-01-31T09:00:00Z')
    .action(async ({ since }: { since?: string }, command: Command) => {
      const tail = new Tail(new Context(command));
      if (since === undefined) await tail.skip();
      else await tail.print(since);
      await follow(tail);
    });
}

/** Goes on when the server is restarted or refuses for a moment. */
async function follow(tail: Tail): Promise<never> {
  for (let failures = 0; ;) {
    await sleep(TAIL_MS);
    try {
      await tail.print();
      failures = 0;
    } catch (error) {
      const wait = waitBeforeRetry(error, failures, { isReached: true });
      failures += 1;
      if (wait === null || failures > MAX_FAILURES) throw error;
      if (failures === 1) console.error(visible(`${(error as Error).message} Trying again…`));
      await sleep(wait);
    }
  }
}

class Tail {
  /** The line last seen for each delivery. */
  private readonly seen = new LRUCache<string, string>({ max: PAGE * MAX_PAGES });
  private readonly endpoints = new Map<string, string>();

  constructor(private readonly context: Context) {}

  /** Passes over all that is there already. */
  async skip(): Promise<void> {
    for (const delivery of await this.page(new URLSearchParams())) this.markSeen(delivery);
  }

  /** A line for each delivery that is new or looks different from before, oldest first. */
  async print(since?: string): Promise<void> {
    const news: Delivery[] = [];
    const query = new URLSearchParams(since === undefined ? {} : { since });
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const deliveries = await this.page(query);
      const isKnown = deliveries.some(({ id }) => this.seen.has(id));
      news.push(...deliveries.filter((delivery) => this.isNews(delivery)));
      if (isKnown || !query.has('cursor')) break;
    }
    for (const delivery of news.reverse()) {
      // Two pages have it when others came between the requests.
      if (!this.isNews(delivery)) continue;
      const endpoint = await this.nameOf(delivery.subscriptionId);
      const time = timeOf(since === undefined ? new Date() : new Date(delivery.createdAt));
      this.context.printSentence(`${time}  ${endpoint}  ${lineOf(delivery)}`, delivery);
      this.markSeen(delivery);
    }
  }

  /** The newest first. The query gets the cursor of the next page, or loses it. */
  private async page(query: URLSearchParams): Promise<Delivery[]> {
    query.set('limit', String(PAGE));
    const path = this.context.inSpace(`/deliveries?${query.toString()}`);
    const { data, nextCursor } = await this.context.client.call<Page<Delivery>>('GET', path);
    if (nextCursor === null) query.delete('cursor');
    else query.set('cursor', nextCursor);
    return data;
  }

  private isNews(delivery: Delivery): boolean {
    return this.seen.get(delivery.id) !== lineOf(delivery);
  }

  private markSeen(delivery: Delivery): void {
    this.seen.set(delivery.id, lineOf(delivery));
  }

  /** What people call the endpoint: the uid, or the host; the id of a deleted one. */
  private async nameOf(subscriptionId: string): Promise<string> {
    const known = this.endpoints.get(subscriptionId);
    if (known !== undefined) return known;
    const path = this.context.inSpace(`/subscriptions/${encodeURIComponent(subscriptionId)}`);
    const name = await this.context.client
      .call<{ uid: string | null; url: string }>('GET', path)
      .then(({ uid, url }) => uid ?? new URL(url).host)
      .catch((error: unknown) => {
        if (error instanceof CliFailure && error.status === 404) return subscriptionId;
        throw error;
      });
    this.endpoints.set(subscriptionId, name);
    return name;
  }
}

function lineOf(delivery: Delivery): string {
  return cells(delivery)
    .map((cell) => cell ?? '-')
    .join('  ');
}

/** Of another day: with the day. What was there before is shown by when it was made. */
function timeOf(date: Date): string {
  const time = date.toTimeString().slice(0, 8);
  if (date.toDateString() === new Date().toDateString()) return time;
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return `${day.map((part) => String(part).padStart(2, '0')).join('-')} ${time}`;
}
