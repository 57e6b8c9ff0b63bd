import { connect } from 'node:net';
import pg from 'pg';
import { eventually } from './condition.js';

/** Recognisable values, and the search for them in whatever form they may have been written down. */
export class PlantedValues {
  private readonly forms = new Map<string, string[]>();

  /** `name` is what a report calls it. */
  add(name: string, value: string): void {
    this.forms.set(name, formsOf(value));
  }

  /** The names of those that stand in `text`. */
  foundIn(text: string): string[] {
    return [...this.forms]
      .filter(([, forms]) => forms.some((form) => text.includes(form)))
      .map(([name]) => name);
  }
}

function formsOf(value: string): string[] {
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  // Base64 of a longer text that holds the value: it may begin at any of three places, and its ends are not its own.
  const inBase64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64url');
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  return [
    value,
    encodeURIComponent(value),
    hex,
    // As Node prints a Buffer, and as JSON does.
    hex.replaceAll(/..(?=.)/g, '$& '),
    bytes.join(','),
    ...inBase64,
    ...inBase64.map((text) => text.replaceAll('-', '+').replaceAll('_', '/')),
  ];
}

/** What was written, by the name of the place. */
export type ScannedText = Map<string, string>;

/** Keeps every version of every row that any table of these schemas ever has, until the database is dropped. */
export async function watchTables(
  database: pg.Client,
  schemas: string[],
): Promise<() => Promise<ScannedText>> {
  await database.query(`CREATE TABLE public.seen (place text NOT NULL, row text NOT NULL)`);
  await database.query(
    `CREATE FUNCTION public.see() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN INSERT INTO public.seen VALUES (TG_ARGV[0], NEW::text); RETURN NULL; END $$`,
  );
  const { rows: tables } = await database.query<{ place: string }>(
    `SELECT format('%I.%I', nspname, relname) AS place FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
      WHERE nspname = ANY($1) AND relkind IN ('r', 'p') AND NOT relispartition`,
    [schemas],
  );
  for (const { place } of tables) {
    await database.query(
      `CREATE TRIGGER see AFTER INSERT OR UPDATE ON ${place} FOR EACH ROW EXECUTE FUNCTION public.see('${place}')`,
    );
  }
  return async () => {
    const { rows } = await database.query<{ place: string; text: string }>(
      `SELECT place, string_agg(row, E'\\n') AS text FROM public.seen GROUP BY place`,
    );
    return new Map(rows.map(({ place, text }) => [place, text]));
  };
}

/**
 * Keeps every command that Redis is given from now on, as it prints them. On a socket of its own: a client's own checks
 * of the connection, once it monitors, mix with what it reads.
 */
export async function watchRedis(url: string): Promise<() => string> {
  const { hostname, port, password } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
  // Redis may be gone before we are.
  socket.on('error', () => undefined);
  socket.write(`AUTH ${password}\r\nMONITOR\r\n`);
  await eventually(() => heard.startsWith('+OK\r\n+OK\r\n'));
  return () => {
    socket.destroy();
    return heard.replaceAll('\\"', '"');
  };
}
