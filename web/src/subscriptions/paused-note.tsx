import { localTime } from '../text/time.js';
import type { Subscription } from './subscriptions.js';

const WHY: Record<string, string> = {
  manual: 'a person paused it',
  gone: 'the endpoint answered 410 Gone',
  rate: 'too many of its deliveries failed',
};

/** Says why nothing is sent, and what helps. */
export function PausedNote({ subscription }: { subscription: Subscription }) {
  const { status, pausedReason, pausedAt, failureCount, recovery } = subscription;
  if (status !== 'paused') return null;
  const why = WHY[pausedReason ?? ''] ?? `${failureCount} attempts failed in a row`;
  const probes = recovery === 'probe' && pausedReason !== 'manual' && pausedReason !== 'gone';
  return (
    <div className={`note ${pausedReason === 'manual' ? 'note-hold' : 'note-bad'}`} role="status">
      <div>
        <strong>Paused{pausedAt && ` since ${localTime(pausedAt)}`}: </strong>
        {why}. Deliveries are held, none is lost.{' '}
        {probes
          ? 'One of them is tried now and then; when the endpoint takes it, everything goes on by itself.'
          : 'Resume it when the endpoint is ready.'}
      </div>
    </div>
  );
}
