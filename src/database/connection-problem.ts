import { StartupError } from '../config/startup-error.js';

/** Throws `StartupError` when `text` is not a PostgreSQL URL. The text is not repeated: it may hold a password. */
export function parseDatabaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'postgres:' || url.protocol === 'postgresql:')) return url;
  throw new StartupError(
    'DATABASE_URL is not the address of a PostgreSQL database, e.g. postgres://user:password@localhost:5432/posthorn.',
  );
}

/** What to do about a connection that failed, with the address but never the password. */
export function connectionProblem(error: unknown, url: string): StartupError {
  const { hostname, port, pathname, username } = parseDatabaseUrl(url);
  const server = `${hostname || 'localhost'}:${port || '5432'}`;
  const database = decodeURIComponent(pathname.slice(1)) || username;
  const user = decodeURIComponent(username);
  const problem = describe(error, server, database, user);
  return new StartupError(`${problem} Check DATABASE_URL.`, { cause: error });
}

function describe(error: unknown, server: string, database: string, user: string): string {
  const { code, message } = firstOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `No database server answers at ${server} (connection refused).`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The database server's name in ${server} cannot be resolved.`;
    case '28P01':
    case '28000':
      return `The database server at ${server} does not let the user "${user}" in: ${message}.`;
    case '3D000':
      return `There is no database "${database}" at ${server}. Create it first.`;
    default:
      return `The database "${database}" at ${server} cannot be used: ${message}.`;
  }
}

/** A name with several addresses fails with one error for each of them. */
function firstOf(error: unknown): { code?: string; message: string } {
  const { errors } = error as { errors?: unknown[] };
  const { code, message } = (errors?.[0] ?? error) as { code?: string; message?: string };
  return { ...(code && { code }), message: message ?? String(error) };
}
