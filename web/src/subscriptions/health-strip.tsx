import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { together } from '../api/together.js';
import { toneOfDelivery } from '../parts/status.js';
import { useSpace } from '../session/space.js';

type Recent = Schemas['RecentOfOne']['deliveries'];

/** As many as the engine answers for at once. */
const MOST = 100;
const FRESH_MS = 10_000;

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

/**
 * The last deliveries of a subscription, oldest on the left: colour is the outcome, height how many attempts it took.
 */
export function HealthStrip({ subscription }: { subscription: string }) {
  const space = useSpace();
  const { data } = useQuery({
    queryKey: ['health', space, subscription],
    queryFn: () => askerOf(space)(subscription),
    staleTime: FRESH_MS,
    refetchInterval: FRESH_MS,
  });
  const last = data ?? [];
  const words = inWords(last);
  return (
    <span className="strip" role="img" aria-label={words} title={words}>
      {last.map((one, index) => (
        <i
          key={index}
          className={`tone-${isRetrying(one) ? 'hold' : toneOfDelivery(one.status)}`}
          data-tries={Math.min(one.attemptCount, 4)}
        />
      ))}
      {data && last.length === 0 && <span className="quiet small">none yet</span>}
    </span>
  );
}

/** In the colour of an endpoint that fails, not of one that waits for its turn. */
function isRetrying({ status, attemptCount }: Recent[number]): boolean {
  return status === 'pending' && attemptCount > 0;
}

function inWords(last: Recent): string {
  if (last.length === 0) return 'No deliveries yet';
  const retrying = last.filter(isRetrying).length;
  const count = (status: string) => last.filter((one) => one.status === status).length;
  const parts = [
    [count('succeeded'), 'succeeded'],
    [count('failed'), 'failed'],
    [retrying, 'retrying'],
    [count('pending') - retrying + count('held'), 'waiting'],
    [count('cancelled') + count('skipped') + count('expired'), 'not sent'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return `Last ${last.length === 1 ? 'delivery' : `${last.length} deliveries`}: ${said.join(', ')}`;
}
