import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useConnection } from '../api/connection.js';
import { localTime } from '../text/time.js';

/** Says that what is seen is no longer fresh, and since when. What failed meanwhile is asked again afterwards. */
export function ConnectionNote() {
  const { isLost, answeredAt } = useConnection();
  const queries = useQueryClient();
  useEffect(() => {
    if (!isLost) void queries.refetchQueries({ predicate: ({ state }) => state.status === 'error' });
  }, [isLost, queries]);
  return (
    <div className="connection" role="status">
      {isLost && (
        <span className="connection-lost">Last update {localTime(new Date(answeredAt))}, reconnecting</span>
      )}
    </div>
  );
}
