import type { Schemas } from '../api/client.js';
import { localTime } from '../text/time.js';

type Tone = 'good' | 'bad' | 'wait' | 'hold' | 'mute';

/** A dot and a word: colour never speaks alone. */
export function Badge({ tone, children, title }: { tone: Tone; children: string; title?: string }) {
  return (
    <span className={`badge tone-${tone}`} title={title}>
      {children}
    </span>
  );
}

const DELIVERY: Record<string, [Tone, string, string]> = {
  pending: ['wait', 'Pending', 'Due now or at its next attempt.'],
  retrying: ['wait', 'Retrying', 'An attempt failed; the next one is scheduled.'],
  succeeded: ['good', 'Succeeded', 'The endpoint accepted it.'],
  failed: ['bad', 'Failed', 'The retry schedule is used up, or the endpoint cannot be retried.'],
  held: ['hold', 'Held', 'Its subscription is paused. It waits until the subscription is resumed.'],
  cancelled: ['mute', 'Cancelled', 'Someone cancelled it.'],
  expired: ['mute', 'Expired', 'Its event expired, or it was held for too long.'],
  skipped: ['mute', 'Skipped', 'The profile does not send events while paused.'],
};

type DeliveryState = Pick<Schemas['DeliveryView'], 'status' | 'attemptCount'>;

export function DeliveryBadge({ delivery }: { delivery: DeliveryState }) {
  const retrying = delivery.status === 'pending' && delivery.attemptCount > 0;
  const [tone, word, title] = DELIVERY[retrying ? 'retrying' : delivery.status] ?? [
    'mute',
    delivery.status,
    '',
  ];
  return (
    <Badge tone={tone} title={title}>
      {word}
    </Badge>
  );
}

type SubscriptionState = Pick<
  Schemas['SubscriptionView'],
  'status' | 'pausedReason' | 'pausedDetail' | 'failureCount' | 'waitsUntil'
>;

const PAUSED: Record<string, string> = {
  failures: 'Paused: failures',
  manual: 'Paused by hand',
  gone: 'Paused: 410 Gone',
  rate: 'Paused: rate',
};

export function SubscriptionBadge({ subscription }: { subscription: SubscriptionState }) {
  const { status, pausedReason, pausedDetail, failureCount, waitsUntil } = subscription;
  if (status === 'paused') {
    return (
      <Badge tone={pausedReason === 'manual' ? 'hold' : 'bad'} title={pausedDetail ?? ''}>
        {PAUSED[pausedReason ?? ''] ?? 'Paused'}
      </Badge>
    );
  }
  if (waitsUntil !== null) {
    return (
      <Badge tone="hold" title={`It asked for no requests until ${localTime(waitsUntil)}.`}>
        Waits
      </Badge>
    );
  }
  if (failureCount > 0) {
    return (
      <Badge tone="hold" title={`${failureCount} failed attempts in a row.`}>
        Failing
      </Badge>
    );
  }
  return <Badge tone="good">Active</Badge>;
}

/** The answer's status code, or the word for why there was none. */
export function Outcome({ statusCode, error }: { statusCode: number | null; error: string | null }) {
  if (statusCode === null && error === null) return <span className="quiet">—</span>;
  const good = statusCode !== null && statusCode >= 200 && statusCode < 300;
  return (
    <span className={`mono outcome ${good ? 'ink-good' : 'ink-bad'}`}>{statusCode ?? inWords(error)}</span>
  );
}

/** `connection_refused` becomes `connection refused`. */
export function inWords(code: string | null): string {
  return (code ?? '').replace(/^http_/, 'HTTP ').replaceAll('_', ' ');
}
