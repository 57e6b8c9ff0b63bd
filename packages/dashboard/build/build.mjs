// Builds dist: the web app as the engine serves it, and where it is, for ES modules and CommonJS.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..');
const root = join(folder, '..', '..');
const dist = join(folder, 'dist');

const FORMATS = {
  esm: {
    type: 'module',
    code: [
      "import { fileURLToPath } from 'node:url';",
      "export const folder = fileURLToPath(new URL('../web', import.meta.url));\n",
    ].join('\n'),
  },
  cjs: {
    type: 'commonjs',
    code: `exports.folder = require('node:path').join(__dirname, '..', 'web');\n`,
  },
};

const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'ensure-built.mjs')], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
if (status !== 0) process.exit(status ?? 1);
cpSync(join(root, 'dist', 'web'), join(dist, 'web'), { recursive: true });
for (const [format, { type, code }] of Object.entries(FORMATS)) {
  const out = join(dist, format);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), `${JSON.stringify({ type })}\n`);
  writeFileSync(join(out, 'index.js'), code);
  copyFileSync(join(folder, 'src', 'index.d.ts'), join(out, 'index.d.ts'));
}
