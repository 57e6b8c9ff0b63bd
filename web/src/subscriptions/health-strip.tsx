import { useQuery } from '@tanstack/react-query';
import { body, GET } from '../api/client.js';
import { toneOfDelivery } from '../parts/status.js';
import { useSpace } from '../session/space.js';

const SHOWN = 24;

/** The last deliveries of a subscription, oldest on the left: colour is the outcome, height how many attempts it took. */
export function HealthStrip({ subscription }: { subscription: string }) {
  const space = useSpace();
  const { data } = useQuery({
    queryKey: ['health', space, subscription],
    queryFn: async () => {
      const query = { subscription, limit: SHOWN };
      const page = await body(GET('/v1/spaces/{space}/deliveries', { params: { path: { space }, query } }));
      return page.data.reverse();
    },
    staleTime: 10_000,
    refetchInterval: 10_000,
  });
  const last = data ?? [];
  const count = (status: string) => last.filter((one) => one.status === status).length;
  const words =
    last.length === 0
      ? 'No deliveries yet'
      : `Last ${last.length} deliveries: ${count('succeeded')} succeeded, ${count('failed')} failed, ${count('pending') + count('held')} waiting`;
  return (
    <span className="strip" role="img" aria-label={words} title={words}>
      {last.map((one) => (
        <i
          key={one.id}
          className={`tone-${toneOfDelivery(one.status)}`}
          data-tries={Math.min(one.attemptCount, 4)}
        />
      ))}
      {data && last.length === 0 && <span className="quiet small">none yet</span>}
    </span>
  );
}
