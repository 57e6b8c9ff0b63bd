/** BullMQ's prefix of the first shard, which is the only one by default. */
export const FIRST_PREFIX = '{posthorn}';

/** BullMQ's prefix of each of `count` shards. Adding shards keeps the existing ones, so no job is left behind. */
export function shardPrefixes(count: number): string[] {
  // The hash tag keeps all keys of a queue on one node of a Redis Cluster. The last digit moves CRC16 by a quarter of
  // the slots, so four shards lie on three or four nodes.
  return Array.from({ length: count }, (_, shard) => (shard === 0 ? FIRST_PREFIX : `{posthorn:${shard}}`));
}

/** Which of `count` shards has the jobs of a subscription: always the same, so that its deliveries share jobs. */
export function shardOf(subscriptionId: string, count: number): number {
  // The end of a UUID v7 is random: as good as a hash of it.
  return count === 1 ? 0 : parseInt(subscriptionId.slice(-8), 16) % count;
}
