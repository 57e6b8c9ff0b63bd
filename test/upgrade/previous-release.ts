import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What upgrades start from: the release before, here the last commit of 0.1.0, which has no tag. RELEASING.md says when
 * to move it on.
 */
const PREVIOUS = '93ae17c';

const root = join(import.meta.dirname, '..', '..');

/**
 * The release before, built: the path of its `main.js`. It is taken from the history once and kept in
 * `node_modules/.cache`. It runs with the packages of this one: what it needs is still among them.
 */
export function previousRelease(): string {
  const folder = join(root, 'node_modules', '.cache', `posthorn-${PREVIOUS}`);
  const main = join(folder, 'dist', 'src', 'main.js');
  if (existsSync(main)) return main;
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', '--format=tar', PREVIOUS], {
    cwd: root,
    maxBuffer: 256 * 1024 * 1024,
  });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  if (!existsSync(join(folder, 'node_modules')))
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, [join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js'), 'build'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  return main;
}
