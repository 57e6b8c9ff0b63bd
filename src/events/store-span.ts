import { TraceSpan } from '../telemetry/trace-span.js';
import type { PublishRequest } from './store.js';

/** The span of storing these requests together; null when none of them is traced. */
export function storeSpan(requests: PublishRequest[]): TraceSpan | null {
  return TraceSpan.ofBatch(requests, ({ trace }) => trace, {
    name: 'store',
    attributes: {
      'db.system.name': 'postgresql',
      'messaging.batch.message_count': requests.reduce((sum, { drafts }) => sum + drafts.length, 0),
    },
  });
}
