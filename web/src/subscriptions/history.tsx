import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { body, GET } from '../api/client.js';
import { AuditEntryLine } from '../audit/audit-entry.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import type { Subscription } from './subscriptions.js';
import '../audit/audit.css';

const SHOWN = 20;

/** The last changes of a subscription: who made them, and what was there before. */
export default function History({ subscription }: { subscription: Subscription }) {
  const space = useSpace();
  const link = useSpaceLink();
  const params = { path: { space, sub: subscription.id }, query: { limit: SHOWN } };
  const history = useQuery({
    queryKey: ['history', space, subscription.id, subscription.updatedAt],
    queryFn: () => body(GET('/v1/spaces/{space}/subscriptions/{sub}/history', { params })),
  });
  if (history.error) return <ProblemNote error={history.error} retry={() => void history.refetch()} />;
  if (!history.data) return <Skeleton kind="rows" />;
  const { data, nextCursor } = history.data;
  if (data.length === 0) return <p className="quiet flat panel-body">Nobody has changed it.</p>;
  return (
    <>
      <ul className="audit" aria-label="Changes">
        {data.map((entry) => (
          <AuditEntryLine key={entry.id} entry={entry} withSpace={false} />
        ))}
      </ul>
      {nextCursor !== null && (
        <p className="panel-body flat">
          <Link href={link(`audit?target=${subscription.id}`)}>All changes</Link>
        </p>
      )}
    </>
  );
}
