import { RateSlots } from '../../../src/dispatcher/scheduler/rate-slots.js';

it('asks for half a second ahead, for no more than waits, and once at a time', () => {
  const slots = new RateSlots(100);
  expect(slots.needed(0, 0)).toBe(0);
  expect(slots.needed(7, 0)).toBe(7);
  expect(slots.needed(1_000, 0)).toBe(50);
  slots.markRequested();
  expect(slots.needed(1_000, 0)).toBe(0);
  slots.grant(0, 50);
  expect(slots.needed(1_000, 0)).toBe(0);
  expect(new RateSlots(1).needed(1_000, 0)).toBe(1);
});

it('never allows more than were given, however late and unevenly it is asked', () => {
  const slots = new RateSlots(100);
  let used = 0;
  slots.grant(0, 100);
  for (let now = 0; now < 3_000; now += 1 + ((now * 7) % 90)) {
    const due = slots.due(now);
    slots.use(due, now);
    used += due;
    // Never ahead of its time.
    expect(used).toBeLessThanOrEqual(now / 10 + 1);
  }
  expect(used).toBeLessThanOrEqual(100);
  expect(used).toBeGreaterThan(50);
});

it('loses nothing while it is a little late, and what it missed for long is gone', () => {
  const slots = new RateSlots(10);
  slots.grant(0, 20);
  let used = 0;
  for (let now = 0; now < 1_000; now += 33) {
    const due = slots.due(now);
    slots.use(due, now);
    used += due;
  }
  expect(used).toBe(10);
  // Asleep for a second: half of it is made up for, and not at once.
  expect(slots.due(1_950)).toBe(1);
  slots.use(1, 1_950);
  expect(slots.due(1_951)).toBe(0);
  expect(slots.due(2_030)).toBe(1);
  expect(slots.due(60_000)).toBe(0);
  expect(slots.nextAt(60_000)).toBeNull();
});

it('makes up for half a second at most after a longer stall', () => {
  const slots = new RateSlots(10);
  slots.grant(0, 20);
  let used = 0;
  for (let now = 1_950; now < 4_000; now += 10) {
    const due = slots.due(now);
    slots.use(due, now);
    used += due;
  }
  // Those of the last 500 ms.
  expect(used).toBe(5);
});

it('gives the slot of a request that was not made to the next one', () => {
  const slots = new RateSlots(10);
  slots.grant(0, 3);
  const sent: number[] = [];
  for (let now = 0; now < 1_000; now += 10) {
    if (slots.due(now) === 0) continue;
    slots.use(1, now);
    // Another worker has every second delivery.
    if (sent.push(now) % 2 === 0) slots.takeBack();
  }
  expect(sent).toHaveLength(5);
  expect(sent.filter((at) => at > 400)).toEqual([]);
});

it('gives a late slot back at once: nothing was sent that the next request would have to wait for', () => {
  const slots = new RateSlots(10);
  slots.grant(0, 2);
  slots.use(1, 250);
  expect(slots.due(251)).toBe(0);
  slots.takeBack();
  expect(slots.due(251)).toBe(1);
});

it('has no slot to give back before one was used', () => {
  const slots = new RateSlots(10);
  slots.takeBack();
  expect(slots.due(1_000)).toBe(0);
});
