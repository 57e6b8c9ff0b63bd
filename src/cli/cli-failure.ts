/** What went wrong, in lines for a person. */
export class CliFailure extends Error {
  constructor(readonly lines: string[]) {
    super(lines.join('\n'));
  }
}
