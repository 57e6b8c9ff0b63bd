import { createPosthorn, type Posthorn } from '@posthorn/nestjs';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

interface Tables {
  host_leads: { id: string };
}

export interface App {
  posthorn: Posthorn;
  create(id: string, isRefused: boolean): Promise<string>;
  close(): Promise<void>;
}

export async function start(): Promise<App> {
  const databaseUrl = process.env.DATABASE_URL ?? '';
  const pool = new pg.Pool({ connectionString: databaseUrl });
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  await pool.query('CREATE TABLE IF NOT EXISTS host_leads (id text PRIMARY KEY)');
  const posthorn = await createPosthorn({
    databaseUrl,
    encryptionKeys: [process.env.ENCRYPTION_KEY ?? ''],
    allowHttp: true,
    allowTargets: ['127.0.0.0/8'],
  });
  return {
    posthorn,
    create: (id, isRefused) =>
      db.transaction().execute(async (tx) => {
        await tx.insertInto('host_leads').values({ id }).execute();
        const event = await posthorn.emitter.emit(
          { space: 'acme', tx },
          { type: 'lead.create', data: { id } },
        );
        if (isRefused) throw new Error('Refused.');
        return event.id;
      }),
    close: async () => {
      await posthorn.close();
      await db.destroy();
    },
  };
}
