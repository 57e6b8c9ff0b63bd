import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { packageRoot } from '../config/version.js';
import { StartupError } from '../config/startup-error.js';

/**
 * Where the built dashboard is: in this package, or in `@posthorn/dashboard`; null when neither is there, or nobody
 * wants it. Throws `StartupError` when it is asked for and missing.
 */
export function dashboardFolder(wanted: boolean | undefined): string | null {
  if (wanted === false) return null;
  const own = join(packageRoot, 'dist', 'web');
  if (existsSync(join(own, 'index.html'))) return own;
  try {
    const file = createRequire(import.meta.url).resolve('@posthorn/dashboard/package.json');
    return join(dirname(file), 'dist', 'web');
  } catch {
    if (wanted !== true) return null;
    throw new StartupError(
      'PosthornModule: http.dashboard: the dashboard is a package of its own. Install it: npm install ' +
        '@posthorn/dashboard.',
    );
  }
}
