import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The functions `posthorn.publish`, for any language or trigger, and the table from which workers take its events. */
export class SqlPublish1763960000000 implements MigrationInterface {
  name = 'SqlPublish1763960000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE posthorn.inbox (
        -- The event's.
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        type text NOT NULL,
        data text NOT NULL,
        -- The publisher's own id of the event.
        key text,
        options jsonb NOT NULL,
        -- Why workers leave it; null: they take it.
        refused text,
        refused_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX inbox_key ON posthorn.inbox (space_id, key) WHERE key IS NOT NULL`,
    );
    await runner.query(`CREATE INDEX inbox_open ON posthorn.inbox (id) WHERE refused IS NULL`);
    // The types of each profile, which processes write at their start.
    await runner.query(
      `CREATE TABLE posthorn.known_types (profile text NOT NULL, name text NOT NULL, PRIMARY KEY (profile, name))`,
    );
    await runner.query(NEW_EVENT_ID);
    await runner.query(CHECK_OPTIONS);
    await runner.query(CHECK_TYPE);
    await runner.query(CHECK_REPEATED);
    await runner.query(PUBLISH);
    for (const type of ['jsonb', 'json']) await runner.query(overload(type));
    for (const name of FUNCTIONS) await runner.query(`REVOKE ALL ON FUNCTION posthorn.${name} FROM PUBLIC`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS) await runner.query(`DROP FUNCTION posthorn.${name}`);
    await runner.query(`DROP TABLE posthorn.inbox, posthorn.known_types`);
  }
}

const FUNCTIONS = [
  ...['text', 'jsonb', 'json'].map((data) => `publish(text, text, ${data}, text, jsonb)`),
  'publish_repeated(uuid, text, jsonb, text)',
  'publish_check_type(uuid, text, text)',
  'publish_check_options(jsonb)',
  'new_event_id()',
];

/** UUID v7; the microseconds keep the order of events of one millisecond. */
const NEW_EVENT_ID = `
  CREATE FUNCTION posthorn.new_event_id() RETURNS uuid LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT encode(overlay(overlay(uuid_send(gen_random_uuid())
        PLACING substring(int8send(t.us / 1000) FROM 3) FROM 1 FOR 6)
        PLACING substring(int8send(28672 + t.us % 1000 * 4) FROM 7) FROM 7 FOR 2), 'hex')::uuid
    FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) t
  $$`;

const CHECK_OPTIONS = `
  CREATE FUNCTION posthorn.publish_check_options(options jsonb) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    field text;
    value jsonb;
    scope jsonb := coalesce(options -> 'scope', '{}');
  BEGIN
    IF jsonb_typeof(options) <> 'object' THEN
      RAISE EXCEPTION 'posthorn.publish: options must be an object; it is of type %.', jsonb_typeof(options)
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF options ? 'expiresAt' AND options ? 'ttlSeconds' THEN
      RAISE EXCEPTION 'posthorn.publish: options.expiresAt and options.ttlSeconds cannot be given together.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR field, value IN SELECT * FROM jsonb_each(options) LOOP
      IF field IN ('occurredAt', 'expiresAt') THEN
        BEGIN
          PERFORM (value #>> '{}')::timestamptz;
          IF (value #>> '{}') !~ '^\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(Z|[+-]\\d\\d:?\\d\\d)$' THEN RAISE data_exception; END IF;
        EXCEPTION WHEN data_exception THEN
          RAISE EXCEPTION 'posthorn.publish: options.% must be an ISO 8601 time with a zone, such as 2026-01-31T09:00:00.000Z.', field
            USING ERRCODE = 'invalid_parameter_value';
        END;
      ELSIF field = 'ttlSeconds' THEN
        IF jsonb_typeof(value) <> 'number' OR value::text !~ '^[1-9]\\d{0,7}$' OR value::text::int > 31536000 THEN
          RAISE EXCEPTION 'posthorn.publish: options.ttlSeconds must be a whole number from 1 to 31536000.'
            USING ERRCODE = 'invalid_parameter_value';
        END IF;
      ELSIF field = 'subjectId' THEN
        IF jsonb_typeof(value) <> 'string' OR length(value #>> '{}') NOT BETWEEN 1 AND 255 THEN
          RAISE EXCEPTION 'posthorn.publish: options.subjectId must be a text of 1 to 255 characters.'
            USING ERRCODE = 'invalid_parameter_value';
        END IF;
      ELSIF field <> 'scope' THEN
        RAISE EXCEPTION 'posthorn.publish: options has no field "%". It has occurredAt, expiresAt, ttlSeconds, subjectId and scope.', left(field, 64)
          USING ERRCODE = 'invalid_parameter_value';
      END IF;
    END LOOP;
    IF jsonb_typeof(scope) <> 'object' OR EXISTS (
      SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(scope) = 'object' THEN scope ELSE '{}' END) s
      WHERE s.key NOT IN ('clientId', 'campaignId', 'leadId') OR jsonb_typeof(s.value) <> 'string'
        OR length(s.value #>> '{}') NOT BETWEEN 1 AND 256
    ) THEN
      RAISE EXCEPTION 'posthorn.publish: options.scope must be an object with the texts clientId, campaignId or leadId, of 1 to 256 characters.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
  END $$`;

/** The table of the whole instance's types comes with a later migration. */
const CHECK_TYPE = `
  CREATE FUNCTION posthorn.publish_check_type(space_id uuid, profile text, type text) RETURNS void
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    known boolean;
  BEGIN
    SELECT EXISTS (SELECT FROM posthorn.known_types k WHERE k.profile = $2 AND k.name = $3)
      OR EXISTS (SELECT FROM posthorn.event_types t WHERE t.space_id = $1 AND t.name = $3) INTO known;
    IF NOT known AND to_regclass('posthorn.instance_event_types') IS NOT NULL THEN
      EXECUTE 'SELECT EXISTS (SELECT FROM posthorn.instance_event_types WHERE name = $1)' INTO known USING $3;
    END IF;
    IF NOT known THEN
      RAISE EXCEPTION 'posthorn.publish: the event type "%" is not in the space''s catalogue.', left($3, 128)
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Define it first, or correct the name. GET /v1/spaces/{space}/event-types lists them.';
    END IF;
  END $$`;

/** The event that has this id of the publisher's; null: none. Raises when that has another body. */
const CHECK_REPEATED = `
  CREATE FUNCTION posthorn.publish_repeated(space_id uuid, type text, data jsonb, key text) RETURNS uuid
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    found_id uuid;
    same boolean;
  BEGIN
    SELECT k.event_id, e.type = $2 AND (e.removed IS NOT NULL OR e.data::jsonb = $3) INTO found_id, same
      FROM posthorn.event_keys k
        LEFT JOIN LATERAL (SELECT v.type, v.data, v.removed FROM posthorn.events v WHERE v.id = k.event_id LIMIT 1) e ON true
      WHERE k.space_id = $1 AND k.key = $4;
    IF found_id IS NULL THEN
      SELECT i.id, i.refused IS NOT NULL OR (i.type = $2 AND i.data::jsonb = $3) INTO found_id, same
        FROM posthorn.inbox i WHERE i.space_id = $1 AND i.key = $4;
    END IF;
    IF found_id IS NULL THEN
      SELECT e.event_id INTO found_id FROM posthorn.erased_keys e
        WHERE e.space_id = $1 AND e.key = sha256(convert_to($1::text || ':' || $4, 'UTF8'));
    END IF;
    IF NOT same THEN
      RAISE EXCEPTION 'posthorn.publish: the id "%" was used before for an event with another body. Use a new id for a new event.', left($4, 256)
        USING ERRCODE = 'unique_violation';
    END IF;
    RETURN found_id;
  END $$`;

/** It has its owner's rights, so a role needs none on the tables. */
const PUBLISH = `
  CREATE FUNCTION posthorn.publish(space text, type text, data text, id text DEFAULT NULL, options jsonb DEFAULT NULL)
  RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    target record;
    document jsonb;
    event_id uuid;
    given jsonb := coalesce($5, '{}');
  BEGIN
    IF $1 IS NULL OR $2 IS NULL OR $3 IS NULL THEN
      RAISE EXCEPTION 'posthorn.publish: space, type and data must not be null.' USING ERRCODE = 'null_value_not_allowed';
    END IF;
    SELECT s.id, s.profile INTO target FROM posthorn.spaces s
      WHERE s.uid = $1 OR s.id = CASE WHEN $1 ~ '^spc_[0-9a-f]{32}$' THEN substr($1, 5)::uuid END;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'posthorn.publish: there is no space "%".', left($1, 128)
        USING ERRCODE = 'invalid_parameter_value', HINT = 'Give the uid or the spc_ id of a space that exists.';
    END IF;
    IF length($2) NOT BETWEEN 1 AND 128 OR $2 ~ '[[:cntrl:]]' THEN
      RAISE EXCEPTION 'posthorn.publish: type must have 1 to 128 characters, and no control characters.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF length($4) NOT BETWEEN 1 AND 256 OR $4 ~ '[[:cntrl:]]' OR $4 ~* '^[a-z]{3}_[0-9a-f]{32}$' THEN
      RAISE EXCEPTION 'posthorn.publish: id must have 1 to 256 characters, no control characters, and not look like an id of Posthorn.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF octet_length($3) > 262144 THEN
      RAISE EXCEPTION 'posthorn.publish: data has % bytes; an event''s data may have 262144.', octet_length($3)
        USING ERRCODE = 'program_limit_exceeded';
    END IF;
    BEGIN
      document := $3::jsonb;
    EXCEPTION WHEN data_exception OR statement_too_complex THEN
      RAISE EXCEPTION 'posthorn.publish: data is not JSON that PostgreSQL can keep: %', SQLERRM
        USING ERRCODE = 'invalid_text_representation';
    END;
    IF jsonb_typeof(document) <> 'object' THEN
      RAISE EXCEPTION 'posthorn.publish: data must be an object; it is of type %.', jsonb_typeof(document)
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM posthorn.publish_check_options(given);
    PERFORM posthorn.publish_check_type(target.id, target.profile, $2);
    LOOP
      event_id := CASE WHEN $4 IS NOT NULL THEN posthorn.publish_repeated(target.id, $2, document, $4) END;
      IF event_id IS NULL THEN
        event_id := posthorn.new_event_id();
        INSERT INTO posthorn.inbox AS i (id, space_id, type, data, key, options)
          VALUES (event_id, target.id, $2, $3, $4, given) ON CONFLICT DO NOTHING;
        -- Another transaction has just used the id: it is looked at again.
        CONTINUE WHEN NOT FOUND;
      ELSE
        -- One that was refused is tried again with what is given now.
        UPDATE posthorn.inbox i SET type = $2, data = $3, options = given, refused = NULL, refused_at = NULL
          WHERE i.id = event_id AND i.refused IS NOT NULL;
      END IF;
      RETURN 'evt_' || replace(event_id::text, '-', '');
    END LOOP;
  END $$`;

/** The same for data of another type: a literal without a type is a text. */
function overload(type: string): string {
  return `
    CREATE FUNCTION posthorn.publish(space text, type text, data ${type}, id text DEFAULT NULL, options jsonb DEFAULT NULL)
    RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT posthorn.publish($1, $2, $3::text, $4, $5)
    $$`;
}
