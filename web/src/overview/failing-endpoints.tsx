import { Link } from 'wouter';
import { Panel } from '../parts/page.js';
import { Badge } from '../parts/status.js';
import { useSpaceLink } from '../session/space.js';
import { shortUrl } from '../subscriptions/subscriptions.js';
import { Untrusted } from '../text/untrusted.js';
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
        {worst.map(({ subscriptionId, url, reason, status }) => (
          <li key={subscriptionId}>
            <Link href={link(`subscriptions/${subscriptionId}`)} data-row>
              <span className="ellipsis worst-url">
                <Untrusted>{shortUrl(url)}</Untrusted>
              </span>
              <span className="quiet worst-reason">
                <Untrusted>{reason}</Untrusted>
              </span>
              <Badge tone={status === 'paused' ? 'bad' : 'hold'}>
                {status === 'paused' ? 'Paused' : 'Failing'}
              </Badge>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
