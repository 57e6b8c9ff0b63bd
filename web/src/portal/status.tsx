import type { Delivery, Endpoint } from '@posthorn/react';
import { useWords, type Message } from './language.js';
import { Badge, type Tone } from './parts.js';

const DELIVERY: Record<Delivery['status'] | 'retrying', [Tone, Message]> = {
  pending: ['wait', 'delivery.pending'],
  retrying: ['wait', 'delivery.retrying'],
  succeeded: ['good', 'delivery.succeeded'],
  failed: ['bad', 'delivery.failed'],
  held: ['hold', 'delivery.held'],
  cancelled: ['mute', 'delivery.cancelled'],
  expired: ['mute', 'delivery.expired'],
  skipped: ['mute', 'delivery.skipped'],
};

export const STATUSES = Object.entries(DELIVERY).flatMap(([status, [, label]]) =>
  status === 'retrying' ? [] : [[status as Delivery['status'], label] as const],
);

export function DeliveryBadge({ delivery }: { delivery: Pick<Delivery, 'status' | 'attemptCount'> }) {
  const words = useWords();
  const isRetrying = delivery.status === 'pending' && delivery.attemptCount > 0;
  const [tone, label] = DELIVERY[isRetrying ? 'retrying' : delivery.status];
  return <Badge tone={tone}>{words.text(label)}</Badge>;
}

export function EndpointBadge({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords();
  if (endpoint.status === 'paused') {
    const tone = endpoint.pausedReason === 'manual' ? 'hold' : 'bad';
    return <Badge tone={tone}>{words.text('status.paused')}</Badge>;
  }
  if (endpoint.waitsUntil !== null) return <Badge tone="hold">{words.text('status.waits')}</Badge>;
  if (endpoint.failureCount > 0) return <Badge tone="hold">{words.text('status.failing')}</Badge>;
  return <Badge tone="good">{words.text('status.active')}</Badge>;
}

const PAUSED: Record<NonNullable<Endpoint['pausedReason']>, Message> = {
  manual: 'paused.manual',
  failures: 'paused.failures',
  gone: 'paused.gone',
  rate: 'paused.rate',
};

/** Why an endpoint gets nothing, or may soon get nothing. */
export function HealthNote({ endpoint }: { endpoint: Endpoint }) {
  const words = useWords();
  const { status, pausedReason, nextProbeAt, waitsUntil, failureCount } = endpoint;
  const says: string[] = [];
  if (status === 'paused') says.push(words.text(PAUSED[pausedReason ?? 'manual']));
  if (status === 'paused' && nextProbeAt !== null)
    says.push(words.text('paused.probe', { time: words.date(nextProbeAt) }));
  if (status === 'active' && waitsUntil !== null)
    says.push(words.text('waits.until', { time: words.date(waitsUntil) }));
  if (status === 'active' && failureCount > 0) says.push(words.count('failing', failureCount));
  if (says.length === 0) return null;
  return <p className="note note-hold">{says.join(' ')}</p>;
}
