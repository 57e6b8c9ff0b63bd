import { Crowd } from '../../../src/dispatcher/scheduler/crowd.js';
import { EndpointQueue } from '../../../src/dispatcher/scheduler/endpoint-queue.js';
import { FairGroup } from '../../../src/dispatcher/scheduler/fair-group.js';

/** Queues of spaces, such as `a1` and `a2` of the space `a`. */
function queuesOf(...names: string[]): EndpointQueue[] {
  const spaces = new Map<string, Crowd>();
  return names.map((name) => {
    const queue = new EndpointQueue(name);
    const space = name.charAt(0);
    const crowd = spaces.get(space) ?? new Crowd();
    spaces.set(space, crowd);
    queue.crowd = crowd;
    return queue;
  });
}

function groupOf(...names: string[]) {
  const group = new FairGroup();
  const queues = queuesOf(...names);
  for (const queue of queues) group.add(queue);
  const inTurn = () => [...group.inTurn()].map(({ subscriptionId }) => subscriptionId);
  return { group, queues, inTurn };
}

it('gives each space a turn, and the queues of a space theirs', () => {
  const { inTurn } = groupOf('a1', 'a2', 'a3', 'b1', 'c1', 'c2');
  expect(inTurn()).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
});

it('puts a space that has had its turn behind the others', () => {
  const { group, queues, inTurn } = groupOf('a1', 'a2', 'b1', 'c1');
  const [first] = queues as [EndpointQueue];
  expect(group.delete(first)).toBe(true);
  expect(group.delete(first)).toBe(false);
  expect(inTurn()).toEqual(['b1', 'c1', 'a2']);
  group.add(first);
  expect(inTurn()).toEqual(['b1', 'c1', 'a2', 'a1']);
});

it('counts the queues of a space that wait, also when they are learned to be of another one', () => {
  const { group, queues } = groupOf('a1', 'a2');
  const [first, second] = queues as [EndpointQueue, EndpointQueue];
  const { crowd } = first;
  expect(crowd.waiting).toBe(2);
  first.crowd = new Crowd();
  group.delete(first);
  group.delete(second);
  expect([crowd.waiting, group.size]).toEqual([0, 0]);
});
