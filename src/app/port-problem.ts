import { StartupError } from '../config/startup-error.js';

/** Which port could not be opened, and what to do instead. */
interface Port {
  port: number;
  host: string;
  /** For what, as an apposition: `, for health and metrics,`. */
  purpose?: string;
  setting: string;
  /** What else helps where another process has the port. */
  whenTaken: string;
}

/** Says what to do about a port that cannot be opened. Other errors stay. */
export function portProblem(
  error: NodeJS.ErrnoException,
  { port, host, purpose = '', setting, whenTaken }: Port,
): unknown {
  switch (error.code) {
    case 'EADDRINUSE':
      return new StartupError(`Port ${port} on ${host}${purpose} is taken by another process. ${whenTaken}`);
    case 'EACCES':
      return new StartupError(
        `Port ${port}${purpose} needs more rights than this user has. Set ${setting} to one above 1023.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(
        `HOST ${host} is not an address of this machine. Use 127.0.0.1, or 0.0.0.0 for every interface.`,
      );
    default:
      return error;
  }
}
