import { dataSourceOf, type HostQueryRunner } from '../database/transactions/typeorm.js';

/** Runs callbacks when the transaction of their query runner commits, and forgets them when it rolls back. */
class CommitWatch {
  // Weak: a connection that breaks in a transaction reports no end of it.
  private readonly callbacks = new WeakMap<HostQueryRunner, (() => void)[]>();

  add(runner: HostQueryRunner, callback: () => void): void {
    const waiting = this.callbacks.get(runner);
    if (waiting) waiting.push(callback);
    else this.callbacks.set(runner, [callback]);
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: HostQueryRunner }): void {
    // The end of a savepoint is reported the same way, but only the outermost commit makes rows visible.
    if (queryRunner.isTransactionActive) return;
    for (const callback of this.take(queryRunner)) callback();
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: HostQueryRunner }): void {
    if (!queryRunner.isTransactionActive) this.take(queryRunner);
  }

  private take(runner: HostQueryRunner): (() => void)[] {
    const waiting = this.callbacks.get(runner) ?? [];
    this.callbacks.delete(runner);
    return waiting;
  }
}

const watches = new WeakMap<object, CommitWatch>();

/** Calls back once the open transaction of a TypeORM query runner has committed. */
export function onCommit(runner: HostQueryRunner, callback: () => void): void {
  const dataSource = dataSourceOf(runner);
  const watch = watches.get(dataSource) ?? new CommitWatch();
  watches.set(dataSource, watch);
  // A data source that is closed and opened again begins with a new list.
  if (!dataSource.subscribers.includes(watch)) dataSource.subscribers.push(watch);
  watch.add(runner, callback);
}
