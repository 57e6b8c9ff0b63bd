import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: { start: string };
};
const FLAGS = scripts.start.split(' ').slice(1, -1);

/** Loads a file in a process of its own, as `src/main.ts` does: what it exports, and whether V8 took its cache. */
function load(file: string, { flags = FLAGS, writes = false } = {}): { isUsed: boolean; exports: string } {
  const program = `
    const { keepHeapSmall } = await import(${JSON.stringify(join(ROOT, 'dist/src/app/keep-heap-small.js'))});
    const { CodeCache } = await import(${JSON.stringify(join(ROOT, 'dist/src/lib/code-cache.js'))});
    keepHeapSmall();
    const cache = new CodeCache();
    const exports = Object.keys(cache.load(${JSON.stringify(file)})).join();
    if (${writes}) cache.write();
    console.log(JSON.stringify({ isUsed: cache.isUsed, exports }));`;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', program], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as { isUsed: boolean; exports: string };
}

describe('the bundle', () => {
  const serve = join(ROOT, 'dist/bundle/serve.cjs');

  it('is loaded from its code cache with the flags of npm start, and without it with others', () => {
    expect(load(serve)).toMatchObject({ isUsed: true, exports: expect.stringContaining('serve') as string });
    expect(load(serve, { flags: ['--stack-size=900'] })).toMatchObject({
      isUsed: false,
      exports: expect.stringContaining('serve') as string,
    });
  });
});

describe('a code cache', () => {
  let folder: string;
  const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'posthorn-code-cache-'));
    put(
      'main.cjs',
      `exports.one = 1; Object.assign(exports, require('./part.cjs'), require('node:path').posix && {})`,
    );
    put('part.cjs', `exports.two = require('./main.cjs').one + 1;`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is of all files that were loaded, also of those that load each other', () => {
    const main = join(folder, 'main.cjs');
    expect(load(main, { writes: true })).toEqual({ isUsed: false, exports: 'one,two' });
    expect(existsSync(`${main}.cache`) && existsSync(join(folder, 'part.cjs.cache'))).toBe(true);
    expect(load(main)).toEqual({ isUsed: true, exports: 'one,two' });
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['something else', Buffer.from('something else '.repeat(99))],
  ])('that is %s is not used', (_, content) => {
    const main = join(folder, 'main.cjs');
    load(main, { writes: true });
    writeFileSync(`${main}.cache`, content);
    expect(load(main)).toEqual({ isUsed: false, exports: 'one,two' });
  });

  it('that is cut off, or of a text of another length, is not used', () => {
    const main = join(folder, 'main.cjs');
    load(main, { writes: true });
    const whole = readFileSync(`${main}.cache`);
    writeFileSync(`${main}.cache`, whole.subarray(0, whole.length - 8));
    expect(load(main)).toEqual({ isUsed: false, exports: 'one,two' });
    writeFileSync(`${main}.cache`, whole);
    put('part.cjs', `exports.three = 3;`);
    expect(load(main)).toEqual({ isUsed: false, exports: 'one,three' });
  });
});
