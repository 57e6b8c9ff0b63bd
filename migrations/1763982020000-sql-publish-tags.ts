import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `posthorn.publish` takes the options tags, version and deliverAt. */
export class SqlPublishTags1763982020000 implements MigrationInterface {
  name = 'SqlPublishTags1763982020000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHECK_OPTIONS);
  }

  /** It takes all that the one of before takes. */
  down(): Promise<void> {
    return Promise.resolve();
  }
}

const CHECK_OPTIONS = `
  CREATE OR REPLACE FUNCTION posthorn.publish_check_options(options jsonb) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    field text;
    value jsonb;
    scope jsonb := coalesce(options -> 'scope', '{}');
    tags jsonb := coalesce(options -> 'tags', '{}');
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
      IF field IN ('occurredAt', 'expiresAt', 'deliverAt') THEN
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
      ELSIF field = 'version' THEN
        IF jsonb_typeof(value) <> 'number' OR value::text !~ '^[1-9]\\d{0,3}$' OR value::text::int > 1000 THEN
          RAISE EXCEPTION 'posthorn.publish: options.version must be a whole number from 1 to 1000.'
            USING ERRCODE = 'invalid_parameter_value';
        END IF;
      ELSIF field NOT IN ('scope', 'tags') THEN
        RAISE EXCEPTION 'posthorn.publish: options has no field "%". It has occurredAt, expiresAt, ttlSeconds, deliverAt, subjectId, scope, tags and version.', left(field, 64)
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
    IF jsonb_typeof(tags) <> 'object' OR EXISTS (
      SELECT FROM jsonb_each(CASE WHEN jsonb_typeof(tags) = 'object' THEN tags ELSE '{}' END) t
      WHERE t.key !~ '^[A-Za-z][A-Za-z0-9_.-]{0,63}$' OR jsonb_typeof(t.value) <> 'string'
        OR length(t.value #>> '{}') NOT BETWEEN 1 AND 256
    ) THEN
      RAISE EXCEPTION 'posthorn.publish: options.tags must be an object with texts of 1 to 256 characters by name.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
  END $$`;
