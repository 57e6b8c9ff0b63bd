import { Outcome } from '../parts/status.js';
import { duration, localTime, otherTime, Relative, Time } from '../text/time.js';
import type { Schemas } from '../api/client.js';

interface Props {
  delivery: Schemas['DeliveryDetail'];
  /** Seconds between attempts, of the subscription. */
  schedule: readonly number[];
  selected: number | null;
  select: (n: number) => void;
}

/** What was tried, and what will be. */
export function AttemptTimeline({ delivery, schedule, selected, select }: Props) {
  const ahead = attemptsAhead(delivery, schedule);
  return (
    <ol className="timeline">
      {delivery.attempts.map((attempt) => (
        <li key={attempt.id} data-good={attempt.errorCode === null}>
          <button
            type="button"
            data-row
            className="timeline-attempt"
            aria-current={attempt.n === selected ? 'true' : undefined}
            onClick={() => select(attempt.n)}
          >
            <span className="row">
              <strong>Attempt {attempt.n}</strong>
              <span className="push">
                <Outcome statusCode={attempt.statusCode} error={attempt.errorCode} />
              </span>
            </span>
            <span className="row small quiet">
              <Time at={attempt.startedAt} />
              {attempt.trigger !== 'schedule' && <span>{ASKED_FOR[attempt.trigger]}</span>}
              {attempt.timings.total !== null && (
                <span className="push numbers">{Math.round(attempt.timings.total)} ms</span>
              )}
            </span>
          </button>
        </li>
      ))}
      {ahead.map(({ n, at, after }, index) => (
        <li key={`ahead ${n}`} data-ahead>
          <div className="timeline-attempt">
            <span className="row">
              <span>Attempt {n}</span>
              <span className="push quiet small">
                {index === 0 ? <Relative at={at} /> : `+ ${duration(after)}`}
              </span>
            </span>
            <time className="small quiet" dateTime={at} title={otherTime(at)}>
              {index === 0 ? localTime(at) : `about ${localTime(at)}`}
            </time>
          </div>
        </li>
      ))}
      {delivery.status === 'held' && (
        <li data-ahead>
          <div className="timeline-attempt quiet small">Waits until its subscription is resumed.</div>
        </li>
      )}
    </ol>
  );
}

const ASKED_FOR: Record<string, string> = { manual: 'by hand', probe: 'probe' };

/** The schedule from here on: each later attempt is that long after the end of the one before, if that fails. */
function attemptsAhead(
  { status, attemptCount, maxAttempts, nextAttemptAt }: Schemas['DeliveryDetail'],
  schedule: readonly number[],
): { n: number; at: string; after: number }[] {
  if (status !== 'pending' || nextAttemptAt === null) return [];
  const ahead = [{ n: attemptCount + 1, at: nextAttemptAt, after: 0 }];
  let at = new Date(nextAttemptAt).getTime();
  for (let n = attemptCount + 2; n <= maxAttempts; n += 1) {
    const after = schedule[n - 2];
    if (after === undefined) break;
    at += after * 1_000;
    ahead.push({ n, at: new Date(at).toISOString(), after });
  }
  return ahead;
}
