import { LRUCache } from 'lru-cache';
import type { Sql } from '../database/sql.js';
import type { ProfileName } from '../core/domain-types.js';
import { profileOf } from '../profiles/registry.js';
import type { TypeRule } from './space-types.js';

/** The schemas of all versions of the row `t`. */
const SCHEMAS = `LATERAL (
    SELECT t.schema::text UNION ALL SELECT (v.value->'schema')::text FROM jsonb_each(t.versions) v
  ) AS s (text)`;

const OF_SPACE = {
  name: 'schema_text_of_space',
  text: `SELECT s.text FROM posthorn.event_types t, ${SCHEMAS}
    WHERE t.space_id = $1 AND t.name = $2 AND md5(s.text) = $3 LIMIT 1`,
};
const OF_INSTANCE = {
  name: 'schema_text_of_instance',
  text: `SELECT s.text FROM posthorn.instance_event_types t, ${SCHEMAS} WHERE t.name = $1 AND md5(s.text) = $2 LIMIT 1`,
};

/** Characters of schemas that are kept in memory. */
const CAPACITY = 8_000_000;

/** The JSON texts of schemas, by hash; read when data is first compared with them. */
export class SchemaTexts {
  private readonly known = new LRUCache<string, string>({
    maxSize: CAPACITY,
    sizeCalculation: (text) => text.length + 1,
  });

  constructor(private readonly sql: Sql) {}

  /** Null when the type has another schema meanwhile. */
  async textOf(spaceId: string, profile: ProfileName, rule: TypeRule): Promise<string | null> {
    const { name, owner, hash } = rule;
    if (hash === null) return null;
    const known = this.known.get(hash);
    if (known !== undefined) return known;
    const text = owner === 'profile' ? ofProfile(profile, name) : await this.read(spaceId, owner, name, hash);
    if (text !== null) this.known.set(hash, text);
    return text;
  }

  private async read(
    spaceId: string,
    owner: 'instance' | 'space',
    name: string,
    hash: string,
  ): Promise<string | null> {
    const rows =
      owner === 'space'
        ? await this.sql<{ text: string }>(OF_SPACE, [spaceId, name, hash])
        : await this.sql<{ text: string }>(OF_INSTANCE, [name, hash]);
    return rows[0]?.text ?? null;
  }
}

function ofProfile(profile: ProfileName, name: string): string | null {
  const type = profileOf(profile).catalogue.find((one) => one.name === name);
  return type ? JSON.stringify(type.schema) : null;
}
