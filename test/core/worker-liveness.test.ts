import { isWorkerDead } from '../../src/core/worker-liveness.js';

const SEEN = {
  isGone: false,
  hasSession: true,
  isSessionOpen: false,
  isResting: false,
  silentMs: 5_000,
  watchedMs: 3_000,
};

describe('a silent worker', () => {
  it('is dead when its process is gone, however lately it was heard of', () => {
    expect(isWorkerDead({ ...SEEN, isGone: true, isSessionOpen: true, silentMs: 0, watchedMs: 0 })).toBe(
      true,
    );
  });

  it('is dead some seconds after its session ended', () => {
    expect(isWorkerDead(SEEN)).toBe(true);
    expect(isWorkerDead({ ...SEEN, silentMs: 3_000 })).toBe(false);
  });

  it('is not dead in the eyes of one that has only just got to see the database', () => {
    expect(isWorkerDead({ ...SEEN, silentMs: 60_000, watchedMs: 1_000 })).toBe(false);
  });

  it('may stand still for a while as long as its session is open', () => {
    expect(isWorkerDead({ ...SEEN, isSessionOpen: true, silentMs: 20_000 })).toBe(false);
    expect(isWorkerDead({ ...SEEN, isSessionOpen: true, silentMs: 31_000 })).toBe(true);
  });

  it('goes by its heartbeat alone where a pooler hides its session', () => {
    const pooled = { ...SEEN, hasSession: false, isSessionOpen: true };
    expect(isWorkerDead(pooled)).toBe(false);
    expect(isWorkerDead({ ...pooled, silentMs: 6_500 })).toBe(true);
  });

  it('that rests is dead when its session has been away for longer than it trusts its last look', () => {
    const resting = { ...SEEN, isResting: true, silentMs: 0 };
    expect(isWorkerDead({ ...resting, watchedMs: 7_000 })).toBe(false);
    expect(isWorkerDead({ ...resting, watchedMs: 8_000 })).toBe(true);
    expect(isWorkerDead({ ...resting, isSessionOpen: true, watchedMs: 60_000 })).toBe(false);
    expect(isWorkerDead({ ...resting, isGone: true, watchedMs: 0 })).toBe(true);
  });
});
