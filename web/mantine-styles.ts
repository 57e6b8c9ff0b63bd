import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const STYLES = join(import.meta.dirname, '../node_modules/@mantine/core/styles');
const WHOLE = /@mantine[\\/]core[\\/]styles\.layer\.css$/;
/** Each part of Mantine has its class names in such a module, and its rules in a file of the same name. */
const CLASS_NAMES = /@mantine[\\/]core[\\/]esm[\\/].*?(\w+)\.module\.mjs$/;

const layer = (name: string) => join(STYLES, `${name}.layer.css`).replaceAll('\\', '/');

/**
 * Only the styles of the parts that are used, in the chunk that uses them, instead of Mantine's one file of 260 KB. The
 * server for development keeps that file.
 */
export const mantineStyles: Plugin = {
  name: 'mantine-styles',
  apply: 'build',
  enforce: 'pre',
  load(id) {
    if (!WHOLE.test(id)) return null;
    const base = ['default-css-variables', 'baseline', 'global'];
    return base.map((name) => readFileSync(layer(name), 'utf8')).join('\n');
  },
  transform(code, id) {
    const name = CLASS_NAMES.exec(id)?.[1];
    if (name === undefined) return null;
    return { code: `import '${layer(name)}';\n${code}`, map: null };
  },
};
