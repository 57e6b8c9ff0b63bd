import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { restBeforeCheck } from '../../core/network-outage.js';
import type { Sender } from '../../outbound/sender.js';
import type { ProcessMetrics } from '../../telemetry/process-metrics.js';

/** How long a check may take, milliseconds. */
const CHECK_TIMEOUT_MS = 2_500;
/** One check's result counts for so long, milliseconds. */
const CHECK_COUNTS_MS = 500;
/** A proxy that never reached anybody is judged after this time, milliseconds: several endpoints may fail together. */
const LISTEN_MS = 150;
/** Origins whose endpoints the proxy failed that are tried at each check. */
const REVISITED = 8;

const NO_LONGER_BLAMED =
  'The egress proxy has still reached no endpoint. From now on failures count against the endpoints. Check whether ' +
  'the proxy itself has a way out.';

/** Whether the egress proxy serves us. While it does not, the queues of the endpoints that it failed wait. */
export class ProxyOutage {
  private readonly logger = new Logger('network');
  /** The URL of one endpoint for each origin that the proxy failed. */
  private readonly lost = new Map<string, string>();
  private waiting: (() => void)[] = [];
  private outSince: number | null = null;
  private resting: NodeJS.Timeout | undefined;
  private stopped = false;
  private check: { at: number; isDown: Promise<boolean> } | null = null;

  /** `healthyUrls`: of endpoints that responded lately, also to earlier processes. */
  constructor(
    private readonly sender: Sender,
    private readonly metrics: ProcessMetrics,
    private readonly healthyUrls: () => string[],
  ) {}

  stop(): void {
    this.stopped = true;
    clearTimeout(this.resting);
  }

  /** The proxy failed an attempt. Resolves when it serves us again. */
  whenBack(url: string, errorCode: string | null): Promise<void> {
    this.lost.set(new URL(url).origin, url);
    if (this.outSince === null) {
      this.outSince = performance.now();
      this.metrics.counters.networkOutages.inc();
      this.logger.warn({ msg: 'network.proxy_out', errorCode });
      this.scheduleCheck(restBeforeCheck());
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Whether the proxy fails now, when it is asked for this endpoint. */
  isDown(url: string): Promise<boolean> {
    if (!this.sender.hasProxy) return Promise.resolve(false);
    const now = performance.now();
    if (this.check === null || now - this.check.at > CHECK_COUNTS_MS)
      this.check = { at: now, isDown: this.checkDown(url) };
    return this.check.isDown;
  }

  private async checkDown(url: string): Promise<boolean> {
    if (this.sender.isProxyInDoubt) {
      // If the proxy reaches one of these, it is believed from then on.
      await Promise.all(this.healthyUrls().map((each) => this.sender.canConnect(each, CHECK_TIMEOUT_MS)));
      await sleep(LISTEN_MS);
    }
    return this.fails(url);
  }

  private fails(url: string): Promise<boolean> {
    return this.sender.proxyFails(url, CHECK_TIMEOUT_MS);
  }

  private scheduleCheck(restMs: number): void {
    if (!this.stopped) this.resting = setTimeout(() => void this.revisit(restMs), restMs);
  }

  private async revisit(restMs: number): Promise<void> {
    const some = [...this.lost].slice(0, REVISITED);
    const failed = await Promise.all(some.map(([, url]) => this.fails(url)));
    if (!failed.every(Boolean)) {
      this.end();
      return;
    }
    // To the end of the list: the next check takes others.
    for (const [origin, url] of some) {
      this.lost.delete(origin);
      this.lost.set(origin, url);
    }
    this.scheduleCheck(restBeforeCheck(restMs));
  }

  private end(): void {
    const afterSeconds = Math.round((performance.now() - (this.outSince ?? 0)) / 1_000);
    this.outSince = null;
    this.lost.clear();
    if (this.sender.isProxyNoLongerBlamed)
      this.logger.warn({ msg: 'network.proxy_no_longer_blamed', afterSeconds, hint: NO_LONGER_BLAMED });
    else this.logger.warn({ msg: 'network.proxy_back', afterSeconds });
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
