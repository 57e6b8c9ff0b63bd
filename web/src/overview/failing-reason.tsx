import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import type { Overview } from './overview.js';

/** Why an endpoint is failing or paused: the last error first, then the time as everywhere on the page. */
export function FailingReason({ of: { pausedAt, cause } }: { of: Overview['worst'][number] }) {
  return (
    <>
      <Untrusted>{cause}</Untrusted>
      {pausedAt !== null && (
        <>
          {' · paused since '}
          <Time at={pausedAt} />
        </>
      )}
    </>
  );
}

/** Your own id for it, which tells endpoints with the same URL apart. */
export function OwnId({ uid }: { uid: string | null }) {
  if (uid === null) return null;
  return (
    <span className="quiet">
      {' · '}
      <Untrusted>{uid}</Untrusted>
    </span>
  );
}
