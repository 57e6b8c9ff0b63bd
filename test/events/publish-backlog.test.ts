import { PublishBacklog } from '../../src/events/publish-backlog.js';
import { Unavailable } from '../../src/core/errors.js';
import type { PublishRequest } from '../../src/events/store.js';

const MEBI = 1024 * 1024;

function request(events: number, characters = 1): PublishRequest {
  const draft = { text: 'x'.repeat(characters) };
  return { drafts: Array.from({ length: events }, () => draft) } as unknown as PublishRequest;
}

describe('publishes that wait for the database', () => {
  let backlog: PublishBacklog;
  let free: () => void;
  beforeEach(() => (backlog = new PublishBacklog()));

  /** Waits until `free` is called. */
  const hold = (given: PublishRequest) =>
    backlog.run(given, () => new Promise<string>((resolve) => (free = () => resolve('stored'))));
  const tryOut = (given: PublishRequest) => backlog.run(given, () => Promise.resolve('stored'));

  it.each([
    ['20,000 events', request(19_999), request(1), request(2)],
    ['64 Mi characters', request(1, 64 * MEBI - 5), request(1, 5), request(1, 6)],
  ])(
    'are at most %s: what is too much is refused and never sent to the database',
    async (_, most, last, tooMuch) => {
      const waiting = hold(most);
      await expect(tryOut(last)).resolves.toBe('stored');
      let reached = false;
      const refused = backlog.run(tooMuch, () => Promise.resolve((reached = true)));
      await expect(refused).rejects.toThrow(Unavailable);
      await expect(refused).rejects.toThrow('Nothing was stored; repeat the request.');
      expect(reached).toBe(false);
      free();
      await waiting;
      await expect(tryOut(tooMuch)).resolves.toBe('stored');
    },
  );

  it('may be of any size where nothing else waits', async () => {
    await expect(tryOut(request(20_001))).resolves.toBe('stored');
    await expect(tryOut(request(1, 64 * MEBI + 1))).resolves.toBe('stored');
  });

  it('count no more once they have failed', async () => {
    await expect(backlog.run(request(20_000), () => Promise.reject(new Error('away')))).rejects.toThrow(
      'away',
    );
    const waiting = hold(request(20_000));
    free();
    await expect(waiting).resolves.toBe('stored');
  });
});
