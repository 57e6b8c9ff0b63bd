import { EntitySchema, MikroORM } from '@mikro-orm/postgresql';
import { sql as drizzleSql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js';
import knexOf from 'knex';
import { Kysely, PostgresDialect, sql as kyselySql } from 'kysely';
import pg from 'pg';
import postgres from 'postgres';
import { Sequelize } from 'sequelize';
import { DataSource } from 'typeorm';

/** A library on the host's database. */
export interface HostClient {
  /**
   * Runs `work` in a transaction, with the object that the library gives for it; commits, or rolls back when it throws.
   * `write` makes the order with this id in it.
   */
  transaction(work: (tx: object, write: (id: string) => Promise<unknown>) => Promise<void>): Promise<unknown>;
  /** The library's object that is in no transaction. */
  outside: object;
  close(): Promise<unknown>;
}

const INSERT = 'INSERT INTO orders (id) VALUES ';

/** Every library that a transaction may be of, by its name. */
export const HOST_CLIENTS: Record<string, (url: string) => Promise<HostClient>> = {
  'a TypeORM manager': async (url) => {
    const source = await new DataSource({ type: 'postgres', url }).initialize();
    return {
      transaction: (work) =>
        source.transaction((manager) => work(manager, (id) => manager.query(`${INSERT} ($1)`, [id]))),
      outside: source.manager,
      close: () => source.destroy(),
    };
  },
  'a TypeORM query runner': async (url) => {
    const source = await new DataSource({ type: 'postgres', url }).initialize();
    return {
      transaction: async (work) => {
        const runner = source.createQueryRunner();
        await runner.startTransaction();
        try {
          await work(runner, (id) => runner.query(`${INSERT} ($1)`, [id]));
          await runner.commitTransaction();
        } catch (error) {
          await runner.rollbackTransaction();
          throw error;
        } finally {
          await runner.release();
        }
      },
      outside: source.createQueryRunner(),
      close: () => source.destroy(),
    };
  },
  Kysely: (url) => {
    const db = new Kysely<{ orders: { id: string } }>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }),
    });
    return Promise.resolve({
      transaction: (work) =>
        db
          .transaction()
          .execute((tx) => work(tx, (id) => kyselySql`INSERT INTO orders (id) VALUES (${id})`.execute(tx))),
      outside: db,
      close: () => db.destroy(),
    });
  },
  Knex: (url) => {
    const db = knexOf({ client: 'pg', connection: url });
    return Promise.resolve({
      transaction: (work) => db.transaction((tx) => work(tx, async (id) => tx('orders').insert({ id }))),
      outside: db,
      close: () => db.destroy(),
    });
  },
  'Drizzle on pg': (url) => {
    const pool = new pg.Pool({ connectionString: url });
    const db = drizzle(pool);
    return Promise.resolve({
      transaction: (work) =>
        db.transaction((tx) =>
          work(tx, (id) => tx.execute(drizzleSql`INSERT INTO orders (id) VALUES (${id})`)),
        ),
      outside: db,
      close: () => pool.end(),
    });
  },
  'Drizzle on postgres.js': (url) => {
    const client = postgres(url);
    const db = drizzlePostgresJs(client);
    return Promise.resolve({
      transaction: (work) =>
        db.transaction((tx) =>
          work(tx, async (id) => tx.execute(drizzleSql`INSERT INTO orders (id) VALUES (${id})`)),
        ),
      outside: db,
      close: () => client.end(),
    });
  },
  'postgres.js': (url) => {
    const client = postgres(url);
    return Promise.resolve({
      transaction: (work) =>
        client.begin((tx) => work(tx, async (id) => tx`INSERT INTO orders (id) VALUES (${id})`)),
      outside: client,
      close: () => client.end(),
    });
  },
  MikroORM: async (url) => {
    const Order = new EntitySchema<{ id: string }>({
      name: 'Order',
      tableName: 'orders',
      properties: { id: { type: 'text', primary: true } },
    });
    const orm = await MikroORM.init({ clientUrl: url, entities: [Order] });
    return {
      transaction: (work) => orm.em.fork().transactional((em) => work(em, (id) => em.insert(Order, { id }))),
      outside: orm.em.fork(),
      close: () => orm.close(),
    };
  },
  Sequelize: (url) => {
    const db = new Sequelize(url, { logging: false });
    return Promise.resolve({
      transaction: (work) =>
        db.transaction((transaction) =>
          work(transaction, (id) => db.query(`${INSERT} ($1)`, { bind: [id], transaction })),
        ),
      outside: db,
      close: () => db.close(),
    });
  },
  'a pg client': (url) => {
    const pool = new pg.Pool({ connectionString: url });
    return Promise.resolve({
      transaction: async (work) => {
        const client = await pool.connect();
        try {
          await client.query('BEGIN');
          await work(client, (id) => client.query(`${INSERT} ($1)`, [id]));
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        } finally {
          client.release();
        }
      },
      outside: pool,
      close: () => pool.end(),
    });
  },
  'any object with query(text, values)': async (url) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const tx = {
      query: async (text: string, values: unknown[]) =>
        (await client.query<Record<string, unknown>>(text, values)).rows,
    };
    return {
      transaction: async (work) => {
        await client.query('BEGIN');
        try {
          await work(tx, (id) => tx.query(`${INSERT} ($1)`, [id]));
          await client.query('COMMIT');
        } catch (error) {
          await client.query('ROLLBACK');
          throw error;
        }
      },
      outside: tx,
      close: () => client.end(),
    };
  },
};
