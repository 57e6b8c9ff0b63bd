/**
 * Posthorn cannot start, for reasons a person can mend. Each problem is one line that says what to do; they are
 * printed without a stack.
 */
export class StartupError extends Error {
  readonly problems: string[];

  constructor(problems: string | string[], options?: ErrorOptions) {
    const lines = [problems].flat().map((problem) => problem.replace(/\s*\n\s*/g, ' ').trim());
    super(lines.join('\n'), options);
    this.name = 'StartupError';
    this.problems = lines;
  }
}
