import { alignColumns } from '../lib/align-columns.js';
import { ENDPOINTS, type Outcome } from './story.js';

/** The table of everything that happened: event, subscription, attempts, outcome, first-attempt latency. */
export function printTable({ events, received, deliveries }: Outcome): void {
  const rows: (string | number)[][] = [['event', 'subscription', 'attempts', 'outcome', 'first attempt']];
  for (const { id, type, at } of events) {
    for (const endpoint of ENDPOINTS) {
      const delivery = deliveries[endpoint].find(({ eventId }) => eventId === id);
      const [first] = received.of(endpoint, id);
      rows.push([
        type,
        endpoint,
        delivery?.attemptCount ?? 0,
        delivery?.status ?? 'missing',
        first ? `${Math.round(first.at - at)} ms` : 'none',
      ]);
    }
  }
  console.log(`\n${alignColumns(rows).join('\n')}`);
  const verified = received.requests.filter((request) => request.verified).length;
  console.log(
    `\n${verified} of ${received.requests.length} requests verified with the standardwebhooks library.`,
  );
}
