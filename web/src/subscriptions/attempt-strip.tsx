import type { Schemas } from '../api/client.js';
import { inWords } from '../parts/status.js';
import { localTime } from '../text/time.js';

type Attempt = Schemas['RecentAttemptView'];

const TONES = { succeeded: 'good', retried: 'hold', failed: 'bad' } as const;

/** The last attempts, oldest on the left: colour is the outcome, height how long the answer took. */
export function AttemptStrip({ attempts }: { attempts: Attempt[] }) {
  if (attempts.length === 0) return <span className="quiet">none in this window</span>;
  return (
    <span className="strip" role="img" aria-label={wordsFor(attempts)}>
      {attempts.map((one) => (
        <i
          key={`${one.deliveryId} ${one.n}`}
          className={`tone-${TONES[one.outcome]}`}
          data-tries={heightOf(one.totalMs)}
          title={`${localTime(one.startedAt)}: ${one.statusCode ?? inWords(one.errorCode)}${
            one.totalMs === null ? '' : `, ${Math.round(one.totalMs)} ms`
          }`}
        />
      ))}
    </span>
  );
}

/** In four steps, each ten times as long. */
function heightOf(ms: number | null): number {
  return ms === null ? 1 : Math.min(4, 1 + Math.max(0, Math.floor(Math.log10(Math.max(1, ms)))));
}

function wordsFor(attempts: Attempt[]): string {
  const count = (outcome: Attempt['outcome']) => attempts.filter((one) => one.outcome === outcome).length;
  const parts = [
    [count('succeeded'), 'succeeded'],
    [count('retried'), 'to be retried'],
    [count('failed'), 'failed'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `Last ${attempts.length === 1 ? 'attempt' : `${attempts.length} attempts`}: ${said.join(', ')}`;
}
