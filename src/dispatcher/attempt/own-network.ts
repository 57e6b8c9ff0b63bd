import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  areEnough,
  isOutage,
  restBeforeCheck,
  sampleHosts,
  type HostCheck,
} from '../../core/network-outage.js';
import { isProxyFault } from '../../core/own-fault.js';
import { Database } from '../../database/database.js';
import { findRecentResponders } from '../../deliveries/recent-responders.js';
import { Clock } from '../../lib/clock.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import type { FinishedAttempt } from './finish-attempt.js';
import { excuse, isSilence } from './excuse.js';
import { isHostHealthy, KnownHosts, RECENT_MS, type Host } from './known-hosts.js';
import { ProxyOutage } from './proxy-outage.js';
import { Sender } from '../../outbound/sender.js';

/** Hosts that are checked to find out whether the network is down. */
const SAMPLE = 8;
/** Lost hosts that are checked besides, so that each goes on as soon as it can be reached. */
const REVISITED = 16;
/** Before hosts are checked, responses of others within this time, milliseconds, may show that the network works. */
const LISTEN_MS = 150;
/** Failures within this time, milliseconds, belong together. */
const TOGETHER_MS = 1_000;
/** How long a check may take, milliseconds: a lost packet is sent again after a second. */
const CHECK_TIMEOUT_MS = 2_500;

/**
 * Tells an outage of our own network from endpoints that are down. When a healthy host fails without a response, others
 * decide: their responses, or a check that opens connections to some of them. While most cannot be reached, failures
 * without a response are excused, and count for no endpoint.
 */
@Injectable()
export class OwnNetwork implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger('network');
  private checking: Promise<boolean> | null = null;
  /** The URL of one endpoint for each origin whose failures were excused. */
  private readonly lost = new Map<string, string>();
  /** By origin: who waits until it can be reached. */
  private readonly waiting = new Map<string, (() => void)[]>();
  private outSince: number | null = null;
  private backAt = -Infinity;
  private stopped = false;
  private recalling: Promise<void> = Promise.resolve();
  private resting: NodeJS.Timeout | undefined;
  private readonly proxy: ProxyOutage;
  /** Attempts that were excused since the egress proxy failed. */
  private readonly outOfProxy = new WeakSet<FinishedAttempt>();

  constructor(
    private readonly hosts: KnownHosts,
    private readonly sender: Sender,
    private readonly metrics: ProcessMetrics,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    this.proxy = new ProxyOutage(sender, metrics, () => this.sample().map(({ url }) => url));
  }

  get isOut(): boolean {
    return this.outSince !== null;
  }

  /** The network may be out when a process starts, too. */
  onModuleInit(): void {
    this.recalling = this.recall();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.proxy.stop();
    clearTimeout(this.resting);
    await this.recalling;
  }

  private async recall(): Promise<void> {
    try {
      const responders = await findRecentResponders(this.database.sql, this.clock.now(), RECENT_MS);
      this.hosts.recall(responders, performance.now());
    } catch (error) {
      this.logger.warn({ msg: 'network.recall_failed', error: (error as Error).message });
    }
  }

  /** The attempt got a response, so its host can be reached. */
  recordResponse(attempt: FinishedAttempt): void {
    this.hosts.recordResponse(attempt, performance.now());
  }

  /** Excuses an attempt without a response if our own network is down; else returns it as it is. */
  async excuseIfOutage(attempt: FinishedAttempt): Promise<FinishedAttempt> {
    if (!isSilence(attempt)) return attempt;
    await this.recalling;
    if (await this.proxy.isDown(attempt.ready.endpoint.url)) return this.excused(attempt, 'proxy');
    const now = performance.now();
    const leftAt = now - (attempt.record.totalMs ?? 0);
    const host = this.hosts.find(attempt.ready);
    if (!this.isOut && leftAt > this.backAt && !(await this.isLost(host, attempt.record.errorCode, now))) {
      if (host) host.isDown = true;
      return attempt;
    }
    if (this.isOut) this.lost.set(new URL(attempt.ready.endpoint.url).origin, attempt.ready.endpoint.url);
    return this.excused(attempt, 'network');
  }

  /**
   * Resolves when the queue of an excused attempt, or of one that the egress proxy failed, may go on; null: at once.
   */
  whenUsable(attempt: FinishedAttempt): Promise<void> | null {
    const { errorCode } = attempt.record;
    const { url } = attempt.ready.endpoint;
    if (isProxyFault(errorCode) || this.outOfProxy.has(attempt)) return this.proxy.whenBack(url, errorCode);
    return this.isOut ? this.whenReached(new URL(url).origin) : null;
  }

  private excused(attempt: FinishedAttempt, reason: 'network' | 'proxy'): FinishedAttempt {
    this.metrics.counters.attemptsExcused.inc({ reason });
    const excused = excuse(attempt, reason);
    if (reason === 'proxy') this.outOfProxy.add(excused);
    return excused;
  }

  /** Resolves when this origin can be reached again, or the outage is over. */
  private whenReached(origin: string): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.waiting.get(origin);
      if (waiting) waiting.push(resolve);
      else this.waiting.set(origin, [resolve]);
    });
  }

  /** Whether the missing response of a healthy host is due to our own network. */
  private async isLost(host: Host | undefined, errorCode: string | null, now: number): Promise<boolean> {
    if (host === undefined || !isHostHealthy(host, now)) return false;
    host.silentAt = now;
    if (!areEnough(this.hosts.healthyHosts(now))) return false;
    // Responses of hosts whose names were looked up before say nothing about the name servers.
    const listens = errorCode !== 'dns_error';
    this.checking ??= this.check(now, listens).finally(() => (this.checking = null));
    return this.checking;
  }

  private async check(since: number, listens: boolean): Promise<boolean> {
    if (listens) await sleep(LISTEN_MS);
    if (listens && this.othersAnswered(since)) return false;
    const checks = await this.checkHosts();
    if (this.stopped || !isOutage(checks)) return false;
    this.begin(checks);
    return true;
  }

  /** Whether enough others have responded to requests that were sent after `since`. */
  private othersAnswered(since: number): boolean {
    const heard: HostCheck[] = [];
    for (const { spaceId, newConnectionAt, silentAt } of this.hosts.healthyHosts(performance.now())) {
      if (newConnectionAt > since) heard.push({ spaceId, reached: true });
      else if (silentAt > since - TOGETHER_MS) heard.push({ spaceId, reached: false });
    }
    return heard.filter(({ reached }) => reached).length >= 2 && !isOutage(heard);
  }

  private checkHosts(): Promise<HostCheck[]> {
    return Promise.all(this.sample().map((host) => this.checkHost(host)));
  }

  private sample(): Host[] {
    return sampleHosts(this.hosts.healthyHosts(this.outSince ?? performance.now()), SAMPLE);
  }

  private async checkHost({ url, spaceId, origin }: Host): Promise<HostCheck> {
    const reached = await this.sender.canConnect(url, CHECK_TIMEOUT_MS);
    if (reached) this.markReached(origin);
    return { spaceId, reached, hostname: new URL(origin).hostname };
  }

  private markReached(origin: string): void {
    if (this.lost.delete(origin)) this.wake(origin);
  }

  private wake(origin: string): void {
    for (const resolve of this.waiting.get(origin) ?? []) resolve();
    this.waiting.delete(origin);
  }

  private begin(checks: HostCheck[]): void {
    this.outSince = performance.now();
    this.metrics.counters.networkOutages.inc();
    this.logger.warn({ msg: 'network.out', ...countsOf(checks) });
    this.scheduleCheck(restBeforeCheck());
  }

  private scheduleCheck(restMs: number): void {
    if (this.stopped) return;
    this.resting = setTimeout(() => void this.revisit(restMs), restMs);
  }

  private async revisit(restMs: number): Promise<void> {
    const others = [...this.lost].slice(0, REVISITED);
    const [checks] = await Promise.all([
      this.checkHosts(),
      ...others.map((lost) => this.recheckLost(...lost)),
    ]);
    const forMs = performance.now() - (this.outSince ?? 0);
    if (isOutage(checks, forMs)) {
      this.scheduleCheck(restBeforeCheck(restMs));
      return;
    }
    // A pair that was believed for long enough is down.
    if (isOutage(checks)) for (const host of this.hosts.healthyHosts(this.outSince ?? 0)) host.isDown = true;
    this.end(checks);
  }

  private async recheckLost(origin: string, url: string): Promise<void> {
    if (await this.sender.canConnect(url, CHECK_TIMEOUT_MS)) {
      this.markReached(origin);
      return;
    }
    // To the end of the list: the next check takes others.
    if (this.lost.delete(origin)) this.lost.set(origin, url);
  }

  private end(checks: HostCheck[]): void {
    this.backAt = performance.now();
    const seconds = Math.round((this.backAt - (this.outSince ?? this.backAt)) / 1_000);
    this.outSince = null;
    this.lost.clear();
    // Middleboxes may have dropped the connections that were idle during the outage, and lookups have failed.
    this.sender.forgetConnections();
    this.logger.warn({ msg: 'network.back', afterSeconds: seconds, ...countsOf(checks) });
    for (const origin of this.waiting.keys()) this.wake(origin);
  }
}

function countsOf(checks: HostCheck[]): { checked: number; unreachable: number } {
  return { checked: checks.length, unreachable: checks.filter(({ reached }) => !reached).length };
}
