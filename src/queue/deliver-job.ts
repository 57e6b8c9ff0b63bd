/** The queue's name in BullMQ. */
export const QUEUE_NAME = 'posthorn-deliveries';

/** A delivery that is due, or may be. */
export interface DueDelivery {
  id: string;
  subscriptionId: string;
  /** Where the enqueuer knows it. */
  spaceId?: string;
  /** Whether the database has more due deliveries of this subscription than were enqueued. */
  more?: boolean;
}

/**
 * A job's data: ids only, grouped by subscription, so that a worker puts them into the endpoints' queues without the
 * database. The rows are the truth: a job that is lost, late or repeated changes nothing.
 */
export interface DeliverJob {
  due: [subscriptionId: string, deliveryIds: string[]][];
  /** Subscriptions with more due deliveries than these. */
  more?: string[];
  /** The trace context of the enqueueing span (`lib/traceparent.ts`), where it is traced. */
  trace?: string;
}

/** Ids in one job: many in a job are much faster than one (ADR 9). */
const MAX_IDS_PER_JOB = 128;

/** Packs due deliveries into jobs of at most `MAX_IDS_PER_JOB` ids, keeping their order within a subscription. */
export function packJobs(due: DueDelivery[]): DeliverJob[] {
  const jobs: DeliverJob[] = [];
  for (let start = 0; start < due.length; start += MAX_IDS_PER_JOB) {
    const groups = new Map<string, string[]>();
    const overfull = new Set<string>();
    for (const { id, subscriptionId, more } of due.slice(start, start + MAX_IDS_PER_JOB)) {
      if (more) overfull.add(subscriptionId);
      const ids = groups.get(subscriptionId);
      if (ids) ids.push(id);
      else groups.set(subscriptionId, [id]);
    }
    jobs.push({ due: [...groups], ...(overfull.size > 0 && { more: [...overfull] }) });
  }
  return jobs;
}
