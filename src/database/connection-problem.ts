import { describeHosts, type DatabaseAddress } from '../config/database-address.js';
import { StartupError } from '../config/startup-error.js';
import { ConnectionLost, NoUsableHost } from './connection-lost.js';

/** What to do about a connection that failed, with the address but never the password. */
export function databaseProblem(error: unknown, address: DatabaseAddress): StartupError {
  const { database, user } = address;
  const problem = describe(error, describeHosts(address), database, user);
  return new StartupError(`${problem} Check DATABASE_URL.`, { cause: error });
}

function describe(error: unknown, server: string, database: string, user: string): string {
  if (error instanceof NoUsableHost) return `None of the database servers can be used: ${error.message}.`;
  if (error instanceof ConnectionLost) return `No database server responds at ${server}.`;
  const { code, message } = firstOf(error);
  switch (code) {
    case 'ECONNREFUSED':
      return `No database server responds at ${server} (connection refused).`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The database server's name in ${server} cannot be resolved.`;
    case '28000':
      if (message.includes('no encryption'))
        return (
          `The database server at ${server} requires TLS. Add sslmode=require to the address, or ` +
          'verify-full with sslrootcert.'
        );
      return `The database server at ${server} refused the login of user "${user}": ${message}.`;
    case '28P01':
      return `The database server at ${server} refused the login of user "${user}": ${message}.`;
    case '3D000':
      return `There is no database "${database}" at ${server}. Create it first.`;
    case '25006':
      return `The database server at ${server} takes no writes (${message}).`;
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
