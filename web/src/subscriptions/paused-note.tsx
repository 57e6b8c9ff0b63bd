import { useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';
import { Outcome } from '../parts/status.js';
import { useSpace } from '../session/space.js';
import { duration, localTime } from '../text/time.js';
import type { Subscription } from './subscriptions.js';

const WHY: Record<string, string> = {
  manual: 'it was paused manually',
  gone: 'the endpoint responded with 410 Gone',
  rate: 'too many of its deliveries failed',
};

/** Says why nothing is sent, and what helps. */
export function PausedNote({ subscription }: { subscription: Subscription }) {
  const { status, pausedReason, pausedAt, recovery, nextProbeAt } = subscription;
  if (status !== 'paused') return null;
  const why = WHY[pausedReason ?? ''] ?? failuresInWords(subscription);
  const probes = recovery === 'probe' && pausedReason !== 'manual' && pausedReason !== 'gone';
  const next = nextProbeAt === null ? '' : `, next at ${localTime(nextProbeAt)}`;
  return (
    <div className={`note ${pausedReason === 'manual' ? 'note-hold' : 'note-bad'}`} role="status">
      <div>
        <strong>Paused{pausedAt && ` since ${localTime(pausedAt)}`}: </strong>
        {why}. <LastAnswer subscription={subscription.id} /> Deliveries are held and none is lost.{' '}
        {probes
          ? `Posthorn probes the endpoint with one of them${next}. When it succeeds, the subscription resumes.`
          : 'Resume it when the endpoint is ready.'}
      </div>
    </div>
  );
}

const LOOKS = 25;

/** What the endpoint said last, among its newest deliveries that were tried. */
function LastAnswer({ subscription }: { subscription: string }) {
  const space = useSpace();
  const newest = useQuery({
    queryKey: ['deliveries', space, 'last-answer', subscription],
    queryFn: () =>
      body(
        GET('/v1/spaces/{space}/deliveries', {
          params: { path: { space }, query: { subscription, limit: LOOKS } },
        }),
      ),
    refetchInterval: 10_000,
  });
  const last = newest.data?.data.find(
    ({ lastError, lastStatusCode }) => (lastError ?? lastStatusCode) !== null,
  );
  if (!last) return null;
  const { lastStatusCode: statusCode, lastError: errorCode } = last;
  return (
    <>
      Last response: <Outcome statusCode={statusCode} error={errorCode} />. <Explanation delivery={last.id} />
    </>
  );
}

/** Why it was so, and what helps. */
function Explanation({ delivery }: { delivery: string }) {
  const space = useSpace();
  const { data } = useQuery({
    queryKey: ['delivery', space, delivery, 'explanation'],
    queryFn: () =>
      body(GET('/v1/spaces/{space}/deliveries/{delivery}', { params: { path: { space, delivery } } })),
    staleTime: 60_000,
  });
  return data?.explanation ? <>{data.explanation} </> : null;
}

function failuresInWords({ failureCount, firstFailureAt, pausedAt }: Subscription): string {
  if (failureCount === 1) return 'an attempt failed';
  const ms =
    firstFailureAt === null || pausedAt === null ? null : Date.parse(pausedAt) - Date.parse(firstFailureAt);
  return `${failureCount} attempts failed in a row${ms === null ? '' : ` within ${duration(Math.max(ms, 1) / 1_000)}`}`;
}
