import { Link } from 'wouter';
import { Panel } from '../parts/page.js';
import { Badge } from '../parts/status.js';
import { useSpaceLink } from '../session/space.js';
import { shortUrl } from '../subscriptions/subscriptions.js';
import { Untrusted } from '../text/untrusted.js';
import { FailingReason, OwnId } from './failing-reason.js';
import type { Overview } from './overview.js';

/** Who needs a look, with the reason in words. */
export function FailingEndpoints({ worst }: { worst: Overview['worst'] }) {
  const link = useSpaceLink();
  if (worst.length === 0) {
    return (
      <Panel title="Endpoints with problems">
        <p className="quiet flat">None. All endpoints accept their deliveries.</p>
      </Panel>
    );
  }
  return (
    <Panel title="Endpoints with problems" flush>
      <ul className="worst">
        {worst.map((one) => (
          <li key={one.subscriptionId}>
            <Link href={link(`subscriptions/${one.subscriptionId}`)} data-row>
              <span className="ellipsis worst-url">
                <Untrusted>{shortUrl(one.url)}</Untrusted>
                <OwnId uid={one.uid} />
              </span>
              <span className="quiet worst-reason">
                <FailingReason of={one} />
              </span>
              <Badge tone={one.status === 'paused' ? 'bad' : 'hold'}>
                {one.status === 'paused' ? 'Paused' : 'Failing'}
              </Badge>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
