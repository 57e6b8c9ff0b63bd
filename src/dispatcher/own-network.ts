import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { MIN_HOSTS, isOutage, sampleHosts, type HostCheck } from '../core/network-outage.js';
import { excuses } from '../deliveries/excuses.js';
import type { FinishedAttempt } from './finish-attempt.js';
import { excuse, isSilence } from './excuse.js';
import { isHostHealthy, KnownHosts, type Host } from './known-hosts.js';
import { Sender } from '../outbound/sender.js';

/** Hosts that are looked at to tell whether the network is out. */
const SAMPLE = 8;
/** Hosts out of reach that are looked at besides, to let each go on as soon as it is back. */
const REVISITED = 16;
/** For so long others may show by themselves that the network is well, milliseconds. */
const LISTEN_MS = 150;
/** Failures within this time belong together, milliseconds. */
const TOGETHER_MS = 1_000;
/** What a look may take, milliseconds: a lost packet is sent again after a second. */
const CHECK_TIMEOUT_MS = 2_500;
/** Between two looks while the network is out, milliseconds; it grows. */
const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 5_000;

/**
 * Tells a network of ours that is out from endpoints that are down. The first failure without a sign of life of a host that
 * had been well is not judged before others were heard, or looked at: a connection is opened to some hosts, and closed
 * again. While most of them are out of reach nobody is judged.
 */
@Injectable()
export class OwnNetwork implements BeforeApplicationShutdown {
  private readonly logger = new Logger('network');
  private checking: Promise<boolean> | null = null;
  /** An endpoint's URL of each origin whose failures were put down to the outage. */
  private readonly lost = new Map<string, string>();
  /** Who waits for an origin to be reached again. */
  private readonly waiting = new Map<string, (() => void)[]>();
  private outSince: number | null = null;
  private backAt = -Infinity;
  private stopped = false;
  private resting: NodeJS.Timeout | undefined;

  constructor(
    private readonly hosts: KnownHosts,
    private readonly sender: Sender,
  ) {}

  get isOut(): boolean {
    return this.outSince !== null;
  }

  beforeApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.resting);
    excuses.isNetworkOut = false;
  }

  /** An attempt that got an answer: its host is reached. */
  recordResponse(attempt: FinishedAttempt): void {
    this.hosts.recordResponse(attempt, performance.now());
  }

  /** What an attempt without a sign of life means: as it is, or put down to us. */
  async excuseIfOutage(attempt: FinishedAttempt): Promise<FinishedAttempt> {
    if (!isSilence(attempt)) return attempt;
    const now = performance.now();
    const leftAt = now - (attempt.record.totalMs ?? 0);
    const host = this.hosts.find(attempt.ready);
    if (!this.isOut && leftAt > this.backAt && !(await this.isLost(host, attempt.record.errorCode, now))) {
      if (host) host.isDown = true;
      return attempt;
    }
    if (this.isOut) this.lost.set(new URL(attempt.ready.endpoint.url).origin, attempt.ready.endpoint.url);
    excuses.attempts.network += 1;
    return excuse(attempt);
  }

  /** Resolves when a host of this origin is reached again, or the outage is over. */
  whenReached(origin: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.waiting.get(origin);
      if (waiting) waiting.push(resolve);
      else this.waiting.set(origin, [resolve]);
    });
  }

  /** Whether a host that was well is not to blame for having said nothing. */
  private async isLost(host: Host | undefined, errorCode: string | null, now: number): Promise<boolean> {
    if (host === undefined || !isHostHealthy(host, now)) return false;
    host.silentAt = now;
    if (sampleHosts(this.hosts.healthyHosts(now), MIN_HOSTS).length < MIN_HOSTS) return false;
    // Where a name is known already, nobody asks the name servers: an answer from there says nothing of them.
    const listens = errorCode !== 'dns_error';
    this.checking ??= this.check(now, listens).finally(() => (this.checking = null));
    return this.checking;
  }

  private async check(since: number, listens: boolean): Promise<boolean> {
    if (listens) await sleep(LISTEN_MS);
    if (listens && this.othersAnswered(since)) return false;
    const sightings = await this.checkHosts();
    if (this.stopped || !isOutage(sightings)) return false;
    this.begin(sightings);
    return true;
  }

  /** Whether enough others have answered requests that left after the failure. */
  private othersAnswered(since: number): boolean {
    const heard: HostCheck[] = [];
    for (const { spaceId, newConnectionAt: provenAt, silentAt } of this.hosts.healthyHosts(
      performance.now(),
    )) {
      if (provenAt > since) heard.push({ spaceId, reached: true });
      else if (silentAt > since - TOGETHER_MS) heard.push({ spaceId, reached: false });
    }
    return heard.filter(({ reached }) => reached).length >= 2 && !isOutage(heard);
  }

  private checkHosts(): Promise<HostCheck[]> {
    const sample = sampleHosts(this.hosts.healthyHosts(this.outSince ?? performance.now()), SAMPLE);
    return Promise.all(sample.map((host) => this.checkHost(host)));
  }

  private async checkHost({ url, spaceId, origin }: Host): Promise<HostCheck> {
    const reached = await this.sender.canConnect(url, CHECK_TIMEOUT_MS);
    if (reached) this.markReached(origin);
    return { spaceId, reached };
  }

  private markReached(origin: string): void {
    if (this.lost.delete(origin)) this.wake(origin);
  }

  private wake(origin: string): void {
    for (const resolve of this.waiting.get(origin) ?? []) resolve();
    this.waiting.delete(origin);
  }

  private begin(sightings: HostCheck[]): void {
    this.outSince = performance.now();
    excuses.outages += 1;
    excuses.isNetworkOut = true;
    this.logger.warn({ msg: 'network.out', ...countsOf(sightings) });
    this.lookAgain(FIRST_REST_MS);
  }

  private lookAgain(restMs: number): void {
    if (this.stopped) return;
    this.resting = setTimeout(() => void this.revisit(restMs), restMs);
  }

  private async revisit(restMs: number): Promise<void> {
    const others = [...this.lost].slice(0, REVISITED);
    const [sightings] = await Promise.all([
      this.checkHosts(),
      ...others.map((lost) => this.recheckLost(...lost)),
    ]);
    if (isOutage(sightings)) this.lookAgain(Math.min(restMs * 1.5, LONGEST_REST_MS));
    else this.end(sightings);
  }

  private async recheckLost(origin: string, url: string): Promise<void> {
    if (await this.sender.canConnect(url, CHECK_TIMEOUT_MS)) {
      this.markReached(origin);
      return;
    }
    // To the end of the row: the next ones have their turn.
    if (this.lost.delete(origin)) this.lost.set(origin, url);
  }

  private end(sightings: HostCheck[]): void {
    this.backAt = performance.now();
    const seconds = Math.round((this.backAt - (this.outSince ?? this.backAt)) / 1_000);
    this.outSince = null;
    excuses.isNetworkOut = false;
    this.lost.clear();
    // Whatever stands between forgets connections on which nothing came through.
    this.sender.closeIdle();
    this.logger.warn({ msg: 'network.back', afterSeconds: seconds, ...countsOf(sightings) });
    for (const origin of this.waiting.keys()) this.wake(origin);
  }
}

function countsOf(sightings: HostCheck[]): { looked: number; outOfReach: number } {
  return { looked: sightings.length, outOfReach: sightings.filter(({ reached }) => !reached).length };
}
