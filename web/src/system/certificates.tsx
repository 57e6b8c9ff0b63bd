import { Link } from 'wouter';
import { DataTable } from '../parts/data-table.js';
import { Panel } from '../parts/page.js';
import { Badge } from '../parts/status.js';
import { spacePath } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import type { SystemState } from './system.js';

type Expiring = NonNullable<SystemState['certificates']>;

/** Endpoints that soon cannot be reached, since their certificates end. Nothing where there is none. */
export function Certificates({ of, readAt }: { of: Expiring | null; readAt: string }) {
  if (of === null || of.count === 0) return null;
  const { count, soonest } = of;
  return (
    <Panel title="TLS certificates that expire" flush>
      <DataTable label="TLS certificates that expire" heads={['State', 'Endpoint', 'Space', 'Valid until']}>
        {soonest.map(({ subscriptionId, url, space, spaceName, validTo }) => (
          <tr key={subscriptionId}>
            <td>
              {validTo < readAt ? <Badge tone="bad">Expired</Badge> : <Badge tone="hold">Expires soon</Badge>}
            </td>
            <td className="break mono">
              <Link href={spacePath(space, `subscriptions/${subscriptionId}`)}>
                <Untrusted>{url}</Untrusted>
              </Link>
            </td>
            <td className="break">
              <Untrusted>{spaceName}</Untrusted>
            </td>
            <td className="nowrap">
              <Time at={validTo} />
            </td>
          </tr>
        ))}
      </DataTable>
      {count > soonest.length && (
        <p className="quiet flat panel-body">
          These are the first {soonest.length} of {count.toLocaleString()}.
        </p>
      )}
    </Panel>
  );
}
