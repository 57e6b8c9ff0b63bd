import type { DataSource, EntityManager, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/** Runs callbacks when the transaction of their query runner commits, and forgets them when it rolls back. */
class CommitWatch implements EntitySubscriberInterface {
  // Weak: a connection that breaks in a transaction reports no end of it.
  private readonly callbacks = new WeakMap<QueryRunner, (() => void)[]>();

  add(runner: QueryRunner, callback: () => void): void {
    const waiting = this.callbacks.get(runner);
    if (waiting) waiting.push(callback);
    else this.callbacks.set(runner, [callback]);
  }

  afterTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): void {
    // The end of a savepoint is reported the same way, but only the outermost commit makes rows visible.
    if (queryRunner.isTransactionActive) return;
    for (const callback of this.take(queryRunner)) callback();
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    if (!queryRunner.isTransactionActive) this.take(queryRunner);
  }

  private take(runner: QueryRunner): (() => void)[] {
    const waiting = this.callbacks.get(runner) ?? [];
    this.callbacks.delete(runner);
    return waiting;
  }
}

const watches = new WeakMap<DataSource, CommitWatch>();

/** Calls back once the transaction of `manager` has committed; at once when it has none. */
export function onCommit(manager: EntityManager, callback: () => void): void {
  const runner = manager.queryRunner;
  if (!runner?.isTransactionActive) return callback();
  const { dataSource } = manager;
  const watch = watches.get(dataSource) ?? new CommitWatch();
  watches.set(dataSource, watch);
  // A data source that is closed and opened again begins with a new list.
  if (!dataSource.subscribers.includes(watch)) dataSource.subscribers.push(watch);
  watch.add(runner, callback);
}
