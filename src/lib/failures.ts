/** Lets things that do not depend on each other go on when one of them fails, and tells of the failures at the end. */
export class Failures {
  private readonly all: Error[] = [];

  /** What `work` gives; `otherwise` when it fails. */
  async keep<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.add(error);
      return otherwise;
    }
  }

  add(error: unknown): void {
    this.all.push(error as Error);
  }

  /** Throws the failure, or all of them as one error. Does nothing when nothing failed. */
  throwAny(): void {
    const [first, ...more] = this.all;
    if (!first) return;
    if (more.length === 0) throw first;
    throw new AggregateError(this.all, this.all.map(({ message }) => message).join(' / '));
  }
}
