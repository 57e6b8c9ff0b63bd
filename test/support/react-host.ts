import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');

const CONFIG = `
const source = (name) => ({ find: '@posthorn/' + name, replacement: ${JSON.stringify(root)} + '/packages/' + name + '/src/index.ts' });
export default {
  resolve: { alias: [source('client'), source('react')] },
  build: { target: 'es2022', minify: false, modulePreload: false, reportCompressedSize: false },
  logLevel: 'error',
};
`;

/** A React application of one file, built as a product builds its own: one script, as text. */
export async function buildReactApp(main: string): Promise<string> {
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'react-host-'));
  try {
    await writeFile(join(folder, 'main.tsx'), main);
    await writeFile(join(folder, 'index.html'), '<script type="module" src="/main.tsx"></script>');
    await writeFile(join(folder, 'vite.config.mjs'), CONFIG);
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const env = { ...process.env, NODE_OPTIONS: '' };
    await promisify(execFile)(process.execPath, [vite, 'build', folder], { cwd: folder, env });
    const assets = join(folder, 'dist', 'assets');
    const [name = ''] = (await readdir(assets)).filter((file) => file.endsWith('.js'));
    return await readFile(join(assets, name), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
