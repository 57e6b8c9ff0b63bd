/** What went wrong, in lines for a person. */
export class CliFailure extends Error {
  constructor(
    readonly lines: string[],
    /** When the same may succeed, where the server said so. */
    readonly retryAfterSeconds?: number,
    /** Of the server's answer, if there was one. */
    readonly status?: number,
  ) {
    super(lines.join('\n'));
  }
}

/** No server was reached, or the connection was lost before its answer. */
export class NoServer extends CliFailure {}
