import { Settings } from '../../src/config/settings.js';
import { Cursors } from '../../src/http/cursor.js';
import { page } from '../../src/http/list.dto.js';

const ID = '0199c2f0-4f3b-7a52-b8d1-e6a3c9f70412';
const OLD_KEY = Buffer.alloc(32, 1).toString('base64');
const NEW_KEY = Buffer.alloc(32, 2).toString('base64');

function cursorsWith(...encryptionKeys: string[]): Cursors {
  return new Cursors(Object.assign(new Settings(), { encryptionKeys }));
}

const INVALID = expect.objectContaining({ kind: 'bad_request', code: 'invalid_cursor' });

describe('a cursor', () => {
  it('gives its id back, in every process with the same keys', () => {
    const cursor = cursorsWith(OLD_KEY).encode('spaces', ID);
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(cursorsWith(OLD_KEY).decode('spaces', cursor)).toBe(ID);
  });

  it('survives a key rotation', () => {
    const cursor = cursorsWith(OLD_KEY).encode('spaces', ID);
    expect(cursorsWith(NEW_KEY, OLD_KEY).decode('spaces', cursor)).toBe(ID);
    expect(() => cursorsWith(NEW_KEY).decode('spaces', cursor)).toThrow(INVALID);
  });

  it('is refused when any character of it is changed, cut off or added', () => {
    const cursors = cursorsWith(OLD_KEY);
    const cursor = cursors.encode('spaces', ID);
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      const tampered = cursor.slice(0, index) + other + cursor.slice(index + 1);
      expect(() => cursors.decode('spaces', tampered)).toThrow(INVALID);
      expect(() => cursors.decode('spaces', cursor.slice(0, index))).toThrow(INVALID);
    }
    for (const junk of ['A', '=', ' ', '.', '%'])
      expect(() => cursors.decode('spaces', cursor + junk)).toThrow(INVALID);
  });

  it('is refused by another list', () => {
    const cursors = cursorsWith(OLD_KEY);
    const cursor = cursors.encode('keys:a', ID);
    expect(() => cursors.decode('keys:b', cursor)).toThrow(INVALID);
    expect(() => cursors.decode('spaces', cursor)).toThrow(INVALID);
  });
});

describe('a page', () => {
  const rows = ['c', 'b', 'a'].map((id) => ({ id }));
  const read = (limit: number) => page(rows, { limit }, cursorsWith(OLD_KEY), 'letters', (row) => row.id);

  it('leaves out the row that only shows that there is more, and goes on after the last one shown', () => {
    const { data, nextCursor } = read(2);
    expect(data).toEqual(['c', 'b']);
    expect(cursorsWith(OLD_KEY).decode('letters', String(nextCursor))).toBe('b');
  });

  it('has no next cursor when everything is shown', () => {
    expect(read(3)).toEqual({ data: ['c', 'b', 'a'], nextCursor: null });
  });
});
