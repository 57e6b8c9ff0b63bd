import { Injectable } from '@nestjs/common';
import { isOwnReceiver } from '../../config/own-receiver.js';
import { Settings } from '../../config/settings.js';
import type { KnownHost } from '../../core/network-outage.js';
import type { Responder } from '../../deliveries/recent-responders.js';
import { Lru } from '../../lib/lru.js';
import type { ReadyDelivery } from '../lease/lease.js';
import type { FinishedAttempt } from './finish-attempt.js';

/** A host is healthy for so long after a response, milliseconds. */
export const RECENT_MS = 3_600_000;
/** Subscriptions whose hosts are remembered. */
const CAPACITY = 20_000;

/** A host as one space knows it, with the results of its last attempts. Times are monotonic milliseconds. */
export interface Host extends KnownHost {
  /** The URL of one of its endpoints. */
  url: string;
  /** When the last request was sent that opened a connection and got a response: kept ones may outlive an outage. */
  newConnectionAt: number;
  /** When an attempt last ended without a response. */
  silentAt: number;
  /** It failed while others did not: until its next response it says nothing about our own network. */
  isDown: boolean;
}

type Endpoint = Pick<Responder, 'spaceId' | 'subscriptionId' | 'url'>;

/** The host of a subscription's URL. */
interface KnownSubscription {
  url: string;
  key: string;
  host: Host;
}

/** The hosts of this worker's endpoints that have responded at least once. Others say nothing about our own network. */
@Injectable()
export class KnownHosts {
  private readonly bySubscription = new Lru<KnownSubscription>(CAPACITY, {
    dispose: ({ key }) => this.release(key),
  });
  /** False in the engine of a test: its receivers come and go, and say nothing about our own network. */
  areEvidence = true;
  /** Each host with the number of subscriptions that are remembered with it; without any it is forgotten. */
  private readonly byKey = new Map<string, { host: Host; subscriptions: number }>();

  constructor(private readonly settings: Settings) {}

  /** Undefined for a host that has not responded yet. */
  find({ delivery, endpoint }: ReadyDelivery): Host | undefined {
    const known = this.bySubscription.get(delivery.subscriptionId);
    return known?.url === endpoint.url
      ? known.host
      : this.byKey.get(hostKey(delivery.spaceId, endpoint.url))?.host;
  }

  /** Records a response of the attempt's host. `now`: monotonic milliseconds. */
  recordResponse({ ready, record }: FinishedAttempt, now: number): void {
    const known = this.bySubscription.get(ready.delivery.subscriptionId);
    const { spaceId, subscriptionId } = ready.delivery;
    const { url } = ready.endpoint;
    const host = known?.url === url ? known.host : this.remember({ spaceId, subscriptionId, url }, now);
    if (host === undefined) return;
    host.answeredAt = now;
    if (record.connectMs !== null)
      host.newConnectionAt = Math.max(host.newConnectionAt, now - (record.totalMs ?? 0));
    host.isDown = false;
  }

  /** What responded before this process was started. What it has met since then is known better. */
  recall(responders: Responder[], now: number): void {
    for (const responder of responders)
      if (!this.bySubscription.has(responder.subscriptionId)) this.remember(responder, now - responder.agoMs);
  }

  /** Those that responded in the last hour and have not failed alone since. */
  *healthyHosts(now: number): Iterable<Host> {
    for (const { host } of this.byKey.values()) if (isHostHealthy(host, now)) yield host;
  }

  private remember({ spaceId, subscriptionId, url }: Endpoint, at: number): Host | undefined {
    // A receiver inside this installation needs no network.
    if (!this.areEvidence || isOwnReceiver(this.settings, url)) return undefined;
    const key = hostKey(spaceId, url);
    const { origin } = new URL(url);
    const first = { url, spaceId, origin, answeredAt: at, newConnectionAt: 0, silentAt: 0, isDown: false };
    const known = this.byKey.get(key) ?? { host: first, subscriptions: 0 };
    known.subscriptions += 1;
    this.byKey.set(key, known);
    this.bySubscription.set(subscriptionId, { url, key, host: known.host });
    return known.host;
  }

  private release(key: string): void {
    const known = this.byKey.get(key);
    if (known === undefined) return;
    known.subscriptions -= 1;
    if (known.subscriptions === 0) this.byKey.delete(key);
  }
}

export function isHostHealthy(host: Host, now: number): boolean {
  return !host.isDown && now - host.answeredAt < RECENT_MS;
}

function hostKey(spaceId: string, url: string): string {
  return `${spaceId} ${new URL(url).origin}`;
}
