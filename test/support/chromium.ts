import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache');
const unpacked = join(cache, 'posthorn-chromium');

/**
 * A real browser, from npm packages alone. `POSTHORN_TEST_BROWSER` names another one; where the packaged one does not
 * run (it is for Linux on x64) an installed Chrome is used.
 */
export async function launchChromium(): Promise<Browser> {
  const own = process.env.POSTHORN_TEST_BROWSER;
  const args = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  if (own !== undefined) return await chromium.launch({ executablePath: own, args });
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return await chromium.launch({ channel: 'chrome' });
  await unpack();
  return await chromium.launch({ executablePath: join(unpacked, 'chromium'), args, env: environment() });
}

/** Unpacks once for all test files, also when two begin at the same time: whoever renames first wins. */
async function unpack(): Promise<void> {
  if (existsSync(unpacked)) return;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, 'chromium-'));
  // As on AWS Lambda, so that the libraries come along which a bare machine lacks. In a process of its own, because the
  // package looks at the environment when it is imported.
  const script = `import('@sparticuz/chromium').then(({ default: packaged }) => packaged.executablePath())`;
  execFileSync(process.execPath, ['-e', script], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: draft, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
  });
  try {
    await rename(draft, unpacked);
  } catch (error) {
    await rm(draft, { recursive: true });
    if (!existsSync(unpacked)) throw error;
  }
}

/** The packaged libraries and fonts only where the machine has none: its own fit it better. */
function environment(): Record<string, string> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const libraries = execFileSync('ldd', [join(unpacked, 'chromium')], { encoding: 'utf8' });
  if (libraries.includes('not found')) env.LD_LIBRARY_PATH = join(unpacked, 'al2023', 'lib');
  if (!existsSync('/etc/fonts')) env.FONTCONFIG_PATH = join(unpacked, 'fonts');
  return env;
}
