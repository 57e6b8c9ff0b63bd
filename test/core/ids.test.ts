import { isUuid, newUuid, parsePublicId, publicId, uuidTime } from '../../src/core/ids.js';

describe('ids', () => {
  it('are UUIDs of version 7, tell their time and sort in the order they were made', () => {
    const now = Date.UTC(2026, 10, 22, 12, 34, 56, 789);
    const ids = Array.from({ length: 5_000 }, (_none, index) => newUuid(now + Math.floor(index / 100)));
    for (const [index, id] of ids.entries()) {
      expect(isUuid(id)).toBe(true);
      expect(id).toMatch(/^.{14}7.{4}[89ab]/);
      expect(uuidTime(id)).toBe(now + Math.floor(index / 100));
    }
    expect(new Set(ids).size).toBe(ids.length);
    // What is random in them is new each time.
    expect(new Set(ids.map((id) => id.slice(-10))).size).toBe(ids.length);
    for (const start of [0, 100, 4_900]) {
      const within = ids.slice(start, start + 100);
      expect([...within].sort()).toEqual(within);
    }
  });

  it('are the same again out of their public form', () => {
    const id = newUuid(Date.now());
    expect(publicId('evt', id)).toBe(`evt_${id.replaceAll('-', '')}`);
    expect(parsePublicId('evt', publicId('evt', id))).toBe(id);
    expect(parsePublicId('dlv', publicId('evt', id))).toBeNull();
  });
});
