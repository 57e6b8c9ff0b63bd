import { Injectable } from '@nestjs/common';
import type { EventScope, Override, StoredEvent, Trigger } from '../core/domain-types.js';
import { Sealer } from '../endpoints/seal.js';
import type { SendableEndpoint } from '../endpoints/sendable-endpoints.js';
import { Clock } from '../lib/clock.js';
import type { LocallyLeased, SendableCheck } from './locally-leased.js';

/** The channel on which publishers announce themselves, and the one on which workers announce credits. */
export const PUBLISHERS = 'publishers';
export const WORKERS = 'workers';

/** A message that took longer, milliseconds, is ignored: its leases have been released. */
export const MAX_AGE_MS = 5_000;

/** Credits of a subscription: none now, because many of its deliveries wait for the worker, which will get to them. */
export const SOON = -1;

/** The version of the messages' format: processes with another one ignore them. */
const FORM = 'handover 1';

/** Announces a process that publishes and does not deliver. */
export interface PublisherAnnouncement {
  publisher: string;
}

/** What a worker announces. */
export interface WorkerAnnouncement {
  /** The first half of its leases. */
  worker: string;
  /** The channel on which it receives handovers. */
  inbox: string;
  /** Whether it is stopping: it takes nothing more. */
  isLeaving: boolean;
  /** How many more deliveries of a subscription may be leased to it, until it announces another number or `SOON`. */
  credits: [subscriptionId: string, count: number][];
}

/** Deliveries that were written with this lease of a worker, and everything that their attempts need. */
export interface Handover {
  lease: string;
  events: PackedEvent[];
  deliveries: PackedDelivery[];
  /** The subscriptions that the writing statement found sendable. */
  sendable: SendableEndpoint[];
  /** How long before the message that was, milliseconds. */
  checkedMsAgo: number;
}

type PackedEvent = [
  id: string,
  spaceId: string,
  type: string,
  occurredAt: number,
  scope: EventScope,
  publisherId: string | null,
  version: number,
  trace: string | null,
  data: string,
];

/** `event` is the index of its event in the message. `type`: in the subscription's words, where that is another. */
type PackedDelivery = [
  id: string,
  event: number,
  subscriptionId: string,
  trigger: Trigger,
  override: Override | null,
  type?: string,
];

/** `leased` all have the same lease. */
export function packHandover(lease: string, leased: LocallyLeased[], check: SendableCheck): Handover {
  const places = new Map<string, number>();
  const events: PackedEvent[] = [];
  const deliveries = leased.map(({ delivery, event }): PackedDelivery => {
    let place = places.get(event.id);
    if (place === undefined) {
      place = events.push(packEvent(event)) - 1;
      places.set(event.id, place);
    }
    const { id, subscriptionId, trigger, override, eventType } = delivery;
    const packed: PackedDelivery = [id, place, subscriptionId, trigger, override];
    if (eventType !== event.type) packed.push(eventType);
    return packed;
  });
  const mine = new Set(leased.map(({ delivery }) => delivery.subscriptionId));
  return {
    lease,
    events,
    deliveries,
    sendable: check.sendable.filter(({ id }) => mine.has(id)),
    checkedMsAgo: performance.now() - check.checkedAt,
  };
}

function packEvent(event: StoredEvent): PackedEvent {
  const { id, spaceId, type, occurredAt, scope, publisherId = null, version = 1, trace, data } = event;
  return [id, spaceId, type, occurredAt.getTime(), scope, publisherId, version, trace, data];
}

export function unpackHandover({ lease, events, deliveries }: Handover): LocallyLeased[] {
  const unpacked = events.map(unpackEvent);
  return deliveries.flatMap(([id, place, subscriptionId, trigger, override, type]) => {
    const event = unpacked[place];
    if (!event) return [];
    const { id: eventId, spaceId } = event;
    const eventType = type ?? event.type;
    return [
      { lease, event, delivery: { id, spaceId, eventId, eventType, subscriptionId, trigger, override } },
    ];
  });
}

function unpackEvent(packed: PackedEvent): StoredEvent {
  const [id, spaceId, type, occurredAt, scope, publisherId, version, trace, data] = packed;
  const event = { id, spaceId, type, occurredAt: new Date(occurredAt), scope, publisherId, trace, data };
  return version === 1 ? event : { ...event, version };
}

/** A message as it was opened, and how long it took, milliseconds. */
export interface Opened<Message> {
  message: Message;
  ageMs: number;
}

/**
 * Encrypts and authenticates the messages between processes with the key that seals secrets: somebody with access to
 * Redis can neither read events nor make a worker send one. A message can be opened on its own channel only.
 */
@Injectable()
export class HandoverMessages {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  seal(channel: string, message: PublisherAnnouncement | WorkerAnnouncement | Handover): Buffer {
    const text = JSON.stringify([this.clock.now(), message]);
    return this.sealer.seal(`${FORM} ${channel}`, Buffer.from(text));
  }

  /** Null when the message is too old, or was not sealed with our key for this channel. */
  open<Message extends PublisherAnnouncement | WorkerAnnouncement | Handover>(
    channel: string,
    sealed: Buffer,
  ): Opened<Message> | null {
    try {
      const text = this.sealer.open(`${FORM} ${channel}`, sealed).toString();
      const [sentAt, message] = JSON.parse(text) as [number, Message];
      const ageMs = Math.max(0, this.clock.now() - sentAt);
      return ageMs > MAX_AGE_MS ? null : { message, ageMs };
    } catch {
      return null;
    }
  }
}
