/** BullMQ's prefix of the first queue, and of the only one unless there are shards. */
export const FIRST_PREFIX = '{posthorn}';

/** BullMQ's prefix of each of `count` queues. More of them keep the ones there are, so growing leaves no job behind. */
export function shardPrefixes(count: number): string[] {
  // The hash tag keeps all of a queue's keys on one node of a Redis Cluster, and each tag lands elsewhere: the last
  // digit moves CRC16 by a quarter of the slots, so four shards lie on three or four of any equal parts.
  return Array.from({ length: count }, (_, shard) => (shard === 0 ? FIRST_PREFIX : `{posthorn:${shard}}`));
}

/** Which of `count` queues rings for a subscription: always the same one, so that its rings share jobs. */
export function shardOf(subscriptionId: string, count: number): number {
  // The end of a UUID v7 is random: as good as a hash of it.
  return count === 1 ? 0 : parseInt(subscriptionId.slice(-8), 16) % count;
}
