import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Database } from '../database/database.js';
import { eventTypeNames, knownProfiles } from '../profiles/registry.js';

const WRITE = {
  name: 'known_types_write',
  text: `INSERT INTO posthorn.known_types (profile, name)
    SELECT w.profile, w.name FROM unnest($1::text[], $2::text[]) AS w (profile, name)
    WHERE NOT EXISTS (SELECT FROM posthorn.known_types k WHERE k.profile = w.profile AND k.name = w.name)
    ON CONFLICT DO NOTHING`,
};

/** Tells the database the types of all profiles, so that its function `posthorn.publish` refuses others. */
@Injectable()
export class KnownTypes implements OnApplicationBootstrap {
  constructor(private readonly database: Database) {}

  async onApplicationBootstrap(): Promise<void> {
    const all = knownProfiles().flatMap((profile) =>
      [...eventTypeNames(profile)].map((name) => ({ profile, name })),
    );
    await this.database.sql(WRITE, [all.map(({ profile }) => profile), all.map(({ name }) => name)]);
  }
}
