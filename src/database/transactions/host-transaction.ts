/** A transaction that a host application has open, with whatever library. */
export interface HostTransaction {
  /** The library's name, for messages. */
  client: string;
  /** Runs a statement with the parameters `$1`, `$2`, …, all of them texts; gives whatever the library gives. */
  run: (text: string, values: (string | null)[]) => PromiseLike<unknown>;
  /** Calls back at the end of the transaction or of one of its savepoints, where the library can. */
  onEnd?: (callback: () => void) => void;
}

type Method = (...args: never[]) => unknown;
type Members<Name extends string> = Record<Name, Method>;

/** How one library's transaction is told from others', and how it runs a statement. */
interface Client<Tx> {
  name: string;
  recognises: (tx: object) => boolean;
  adapt: (tx: Tx) => Omit<HostTransaction, 'client'>;
}

function has<Name extends string>(value: unknown, ...names: Name[]): value is Members<Name> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}

function client<Tx>(definition: Client<Tx>): Client<never> {
  return definition;
}

const prisma = client<{ $queryRawUnsafe(text: string, ...values: unknown[]): PromiseLike<unknown> }>({
  name: 'Prisma',
  recognises: (tx) => has(tx, '$queryRawUnsafe'),
  adapt: (tx) => ({ run: (text, values) => tx.$queryRawUnsafe(text, ...values) }),
});

interface MikroEntityManager {
  getTransactionContext(): unknown;
  getConnection(): {
    execute(text: string, values: unknown[], method: 'all', context: unknown): Promise<unknown>;
  };
}

const mikroOrm = client<MikroEntityManager>({
  name: 'MikroORM',
  recognises: (tx) => has(tx, 'getTransactionContext', 'getConnection'),
  adapt: (tx) => ({
    run: (text, values) => {
      const { sql, bindings } = withQuestionMarks(text, values);
      return tx.getConnection().execute(sql, bindings, 'all', tx.getTransactionContext());
    },
  }),
});

interface KnexTransaction {
  raw(text: string, bindings: unknown[]): PromiseLike<unknown>;
  executionPromise?: Promise<unknown>;
}

const knex = client<KnexTransaction>({
  name: 'Knex',
  recognises: (tx) => has(tx, 'raw') && 'client' in tx,
  adapt: (tx) => ({
    run: (text, values) => {
      const { sql, bindings } = withQuestionMarks(text, values);
      return tx.raw(sql, bindings);
    },
    onEnd: (callback) => void tx.executionPromise?.then(callback, () => undefined),
  }),
});

interface KyselyTransaction {
  executeQuery(query: {
    sql: string;
    parameters: unknown[];
    query: object;
    queryId: { queryId: string };
  }): Promise<unknown>;
}

const kysely = client<KyselyTransaction>({
  name: 'Kysely',
  recognises: (tx) => has(tx, 'executeQuery') && 'isTransaction' in tx,
  adapt: (tx) => ({
    // What its `CompiledQuery.raw` makes.
    run: (sql, parameters) =>
      tx.executeQuery({
        sql,
        parameters,
        query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
        queryId: { queryId: 'posthorn' },
      }),
  }),
});

interface DrizzleTransaction {
  execute(query: { getSQL(): unknown }): PromiseLike<unknown>;
}

const drizzle = client<DrizzleTransaction>({
  name: 'Drizzle',
  recognises: (tx) => has(tx, 'execute') && ('dialect' in tx || '_' in tx),
  adapt: (tx) => ({
    // Drizzle asks what it executes for its text; an `SQL` of the host's own copy of Drizzle answers the same.
    run: (sql, params) => {
      const query = { sql, params, typings: params.map(() => 'none') };
      return tx.execute({ getSQL: () => ({ toQuery: () => query }) });
    },
  }),
});

interface SequelizeTransaction {
  sequelize: { query(text: string, options: object): Promise<unknown> };
  afterCommit?(callback: () => void): void;
}

const sequelize = client<SequelizeTransaction>({
  name: 'Sequelize',
  recognises: (tx) => 'sequelize' in tx && has(tx, 'commit', 'rollback'),
  adapt: (tx) => ({
    run: (text, bind) =>
      tx.sequelize.query(text, { bind, transaction: tx, type: 'SELECT', raw: true, logging: false }),
    onEnd: (callback) => tx.afterCommit?.(callback),
  }),
});

const postgresJs = client<{ unsafe(text: string, values: unknown[]): PromiseLike<unknown> }>({
  name: 'postgres.js',
  recognises: (tx) => has(tx, 'unsafe'),
  adapt: (tx) => ({ run: (text, values) => tx.unsafe(text, values) }),
});

const anyClient = client<{ query(text: string, values: unknown[]): PromiseLike<unknown> }>({
  name: 'SQL',
  recognises: (tx) => has(tx, 'query'),
  adapt: (tx) => ({ run: (text, values) => tx.query(text, values) }),
});

/** In this order: an earlier one's members are the more telling. */
const CLIENTS = [prisma, mikroOrm, knex, kysely, drizzle, sequelize, postgresJs, anyClient];

/** The transaction of a library other than TypeORM; null when it is none that is known. */
export function asHostTransaction(tx: object): HostTransaction | null {
  const found = CLIENTS.find(({ recognises }) => recognises(tx));
  return found ? { client: found.name, ...found.adapt(tx as never) } : null;
}

/** For libraries whose placeholders are question marks, one for each value. */
function withQuestionMarks(
  text: string,
  values: (string | null)[],
): { sql: string; bindings: (string | null)[] } {
  const bindings: (string | null)[] = [];
  const sql = text.replaceAll(/\$(\d+)|\?/g, (found, number?: string) => {
    if (number === undefined) return `\\${found}`;
    bindings.push(values[Number(number) - 1] ?? null);
    return '?';
  });
  return { sql, bindings };
}
