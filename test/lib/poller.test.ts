import { Poller } from '../../src/lib/poller.js';
import { eventually } from '../support/condition.js';

it('goes on after a step that threw, and ends with the step under way', async () => {
  const steps: (() => Promise<number>)[] = [
    () => Promise.resolve(0),
    () => Promise.reject(new Error('away')),
    () => Promise.resolve(0),
  ];
  let ran = 0;
  let end: (rest: number) => void = () => undefined;
  const poller = new Poller(() => {
    ran += 1;
    return steps.shift()?.() ?? new Promise((resolve) => (end = resolve));
  });
  poller.start();
  await eventually(() => expect(ran).toBe(4));
  let stopped = false;
  const stopping = poller.stop().then(() => (stopped = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  end(0);
  await stopping;
  expect(ran).toBe(4);
});

it('does not wait for the rest of a step when it is stopped', async () => {
  let ran = 0;
  const poller = new Poller(() => {
    ran += 1;
    return Promise.resolve(3_600_000);
  });
  poller.start();
  await eventually(() => expect(ran).toBe(1));
  await poller.stop();
  expect(ran).toBe(1);
});

it('goes on at once when it is woken, in its rest and during a step', async () => {
  let ran = 0;
  const poller = new Poller(() => {
    ran += 1;
    if (ran === 2) poller.wake();
    return Promise.resolve(3_600_000);
  });
  poller.start();
  await eventually(() => expect(ran).toBe(1));
  poller.wake();
  await eventually(() => expect(ran).toBe(3));
  await poller.stop();
});
