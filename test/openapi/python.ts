import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PACKAGES = ['schemathesis==4.32.5', 'openapi-python-client==0.29.1'];

/**
 * A virtual environment with the tools, `OPENAPI_PYTHON` or a new one in `folder`. Gives what names a tool's path;
 * null, with a loud note, where they cannot be had.
 */
export function preparePython(folder: string): ((tool: string) => string) | null {
  const given = process.env.OPENAPI_PYTHON;
  const environment = given ?? join(folder, 'python');
  const in_ = (tool: string) => join(environment, 'bin', tool);
  if (given !== undefined) return in_;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', environment]],
    [in_('pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]],
  ];
  for (const [file, args] of steps) {
    const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', timeout: 300_000 });
    if (status === 0) continue;
    const why = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
    console.error(`\n*** SKIPPED: test:openapi needs Python 3 with venv, and PyPI (${why}). ***\n`);
    return null;
  }
  return in_;
}
