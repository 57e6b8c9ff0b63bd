import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';
import type { Plugin } from 'vite';

const compress = promisify(brotliCompress);
const MIN_BYTES = 1_024;

/** `x.js.br` beside `x.js`, as small as brotli makes it, which takes too long to do while a browser waits. */
export const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  // Of what was written: other plugins change the code until then.
  async writeBundle({ dir = '' }, bundle) {
    const files = Object.keys(bundle).filter((name) => /\.(?:js|css)$/.test(name));
    await Promise.all(
      files.map(async (name) => {
        const body = await readFile(join(dir, name));
        if (body.length >= MIN_BYTES) await writeFile(join(dir, `${name}.br`), await compress(body));
      }),
    );
  },
};
