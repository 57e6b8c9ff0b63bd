import { EventEmitter, once } from 'node:events';
import { CreditAnnouncer } from '../../src/dispatcher/credit-announcer.js';

const ownNow = performance.now.bind(performance);
afterEach(() => {
  performance.now = ownNow;
});

it('goes on telling a publisher that is there, also when no more of them fit', async () => {
  let at = 0;
  performance.now = () => at;
  const told = new EventEmitter();
  const announcer = new CreditAnnouncer(
    () => 10,
    (credits) => {
      told.emit('credits', credits);
      return Promise.resolve();
    },
  );
  const first = once(told, 'credits');
  for (let n = 0; n < 1_000; n += 1) announcer.addPublisher(`publisher ${n}`);
  await first;
  at = 20_000;
  const second = once(told, 'credits');
  announcer.addPublisher('publisher 7');
  await second;
  // All others have been silent for too long by now.
  at = 40_000;
  const third = once(told, 'credits');
  announcer.note([['subscription', 0]]);
  expect(await third).toEqual([[['subscription', 10]]]);
  await announcer.leave();
});
