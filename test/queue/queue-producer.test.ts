import type { Queue } from 'bullmq';
import type { DeliverJob } from '../../src/queue/deliver-job.js';
import { QueueProducer } from '../../src/queue/queue-producer.js';
import { shardOf } from '../../src/queue/shards.js';
import { ManualClock } from '../support/manual-clock.js';

/** The delays, in milliseconds, of the jobs that are added for deliveries due so many milliseconds from now. */
async function delaysOf(...dueIn: number[]): Promise<number[]> {
  const delays: number[] = [];
  const queue = {
    on: () => undefined,
    add: (_name: string, _job: DeliverJob, { delay }: { delay: number }) =>
      Promise.resolve(delays.push(delay)),
  } as unknown as Queue<DeliverJob>;
  const clock = new ManualClock();
  const producer = new QueueProducer(queue, clock);
  await Promise.all(
    dueIn.map((ms, n) =>
      producer.enqueue({ id: `d${n}`, subscriptionId: 's', at: clock.now() + ms, cause: null }),
    ),
  );
  return delays;
}

it('a job is delayed to the end of the tenth of a second in which its deliveries are due', async () => {
  expect(await delaysOf(5_010, 5_090)).toEqual([5_100]);
  expect(await delaysOf(0)).toEqual([0]);
});

it('the jobs of subscriptions are shared by all shards', () => {
  const shards = Array.from({ length: 8 }, (_, n) => shardOf(`0192f0c1-a5b8-7c3e-9a4d-2b6f8e7c1d0${n}`, 4));
  expect(new Set(shards)).toEqual(new Set([0, 1, 2, 3]));
});
