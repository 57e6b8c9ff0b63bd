import { packJobs, type DueDelivery } from '../../src/queue/deliver-job.js';

const due = (subscriptionId: string, first: number, count: number, more?: boolean): DueDelivery[] =>
  Array.from({ length: count }, (_none, n) => ({
    id: `d${first + n}`,
    subscriptionId,
    ...(more !== undefined && { more }),
  }));

it('packs all due deliveries into jobs of up to 128 ids, in their order', () => {
  const jobs = packJobs(due('a', 0, 300));
  expect(jobs.map(({ due: [group] }) => group?.[1].length)).toEqual([128, 128, 44]);
  expect(jobs.flatMap(({ due: groups }) => groups.flatMap(([, ids]) => ids))).toEqual(
    due('a', 0, 300).map(({ id }) => id),
  );
});

it('groups by subscription, and names those with more due deliveries than it has', () => {
  expect(packJobs([...due('a', 0, 2), ...due('b', 2, 1, true), ...due('a', 3, 1, false)])).toEqual([
    {
      due: [
        ['a', ['d0', 'd1', 'd3']],
        ['b', ['d2']],
      ],
      more: ['b'],
    },
  ]);
});

it('makes no job of nothing', () => {
  expect(packJobs([])).toEqual([]);
});
