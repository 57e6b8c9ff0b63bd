import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { together } from '../api/together.js';
import { useSpace } from '../session/space.js';

type Recent = Schemas['RecentOfOne']['deliveries'];

/** As many as the engine answers for at once. */
const MOST = 100;
const FRESH_MS = 10_000;
const MOST_SHOWN = 24;

const askers = new Map<string, (subscription: string) => Promise<Recent>>();

/** One request for all the strips that are on the screen. */
function askerOf(space: string): (subscription: string) => Promise<Recent> {
  const known = askers.get(space);
  if (known) return known;
  const asker = together(async (subscription) => {
    const params = { path: { space }, query: { subscription } };
    const { data } = await body(GET('/v1/spaces/{space}/recent-deliveries', { params }));
    return data.map(({ deliveries }) => deliveries);
  }, MOST);
  askers.set(space, asker);
  return asker;
}

/** The last attempts at a subscription’s endpoint, oldest on the left. What was never sent is not included. */
export function HealthStrip({ subscription }: { subscription: string }) {
  const space = useSpace();
  const { data } = useQuery({
    queryKey: ['health', space, subscription],
    queryFn: () => askerOf(space)(subscription),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });
  const last = (data ?? []).flatMap(attemptsOf).slice(-MOST_SHOWN);
  const words = inWords(last);
  return (
    <span className="strip" role="img" aria-label={words} title={words}>
      {last.map((outcome, index) => (
        <i key={index} className={`tone-${TONES[outcome]}`} data-tries={HEIGHTS[outcome]} />
      ))}
      {data && last.length === 0 && <span className="quiet small">none yet</span>}
    </span>
  );
}

type Outcome = 'succeeded' | 'retried' | 'failed';

const TONES = { succeeded: 'good', retried: 'hold', failed: 'bad' } as const;
/** So that it does not depend on colours. */
const HEIGHTS = { succeeded: 2, retried: 3, failed: 4 } as const;

/** All but the last attempt of a delivery were followed by another one, and so is the last while it is open. */
function attemptsOf({ status, attemptCount }: Recent[number]): Outcome[] {
  const attempts = Array<Outcome>(Math.min(attemptCount, MOST_SHOWN)).fill('retried');
  if (status === 'succeeded' || status === 'failed') attempts.splice(-1, 1, status);
  return attempts;
}

function inWords(last: Outcome[]): string {
  if (last.length === 0) return 'No attempts yet';
  const count = (wanted: Outcome) => last.filter((outcome) => outcome === wanted).length;
  const parts = [
    [count('succeeded'), 'succeeded'],
    [count('retried'), 'to be retried'],
    [count('failed'), 'failed'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `Last ${last.length === 1 ? 'attempt' : `${last.length} attempts`}: ${said.join(', ')}`;
}
