import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `posthorn.publish` takes the times that HTTP takes, and refuses what a worker would refuse after the commit. */
export class SqlPublishTimes1763999000000 implements MigrationInterface {
  name = 'SqlPublishTimes1763999000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER FUNCTION posthorn.publish_check_options(jsonb) RENAME TO publish_check_fields');
    await runner.query(CHECK_OPTIONS);
    await runner.query('REVOKE ALL ON FUNCTION posthorn.publish_check_options(jsonb) FROM PUBLIC');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION posthorn.publish_check_options(jsonb)');
    await runner.query('ALTER FUNCTION posthorn.publish_check_fields(jsonb) RENAME TO publish_check_options');
  }
}

const TIME = String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$`;
const SECOND_60 = String.raw`:60(\.\d+)?(Z|[+-]\d\d:\d\d)$`;

/** A leap second is at the end of a month, in UTC. */
const CHECK_OPTIONS = `
  CREATE FUNCTION posthorn.publish_check_options(options jsonb) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    given jsonb := options;
    field text;
    at timestamp;
    delivered timestamptz;
    ended timestamptz;
  BEGIN
    IF jsonb_typeof(options) = 'object' THEN
      SELECT coalesce(jsonb_object_agg(o.key, CASE WHEN o.key IN ('occurredAt', 'expiresAt', 'deliverAt')
        AND jsonb_typeof(o.value) = 'string' THEN to_jsonb(upper(o.value #>> '{}')) ELSE o.value END), '{}')
        INTO given FROM jsonb_each(options) o;
    END IF;
    PERFORM posthorn.publish_check_fields(given);
    FOREACH field IN ARRAY ARRAY['occurredAt', 'expiresAt', 'deliverAt'] LOOP
      CONTINUE WHEN NOT given ? field;
      at := date_trunc('second', (given ->> field)::timestamptz AT TIME ZONE 'UTC');
      IF (given ->> field) !~ '${TIME}' OR ((given ->> field) ~ '${SECOND_60}' AND at <> date_trunc('month', at)) THEN
        RAISE EXCEPTION 'posthorn.publish: options.% must be an ISO 8601 time with a zone, such as 2026-01-31T09:00:00.000Z.', field
          USING ERRCODE = 'invalid_parameter_value';
      END IF;
    END LOOP;
    delivered := (given ->> 'deliverAt')::timestamptz;
    ended := coalesce((given ->> 'expiresAt')::timestamptz,
      clock_timestamp() + (given ->> 'ttlSeconds')::int * interval '1 second');
    IF delivered > clock_timestamp() + interval '365 days' THEN
      RAISE EXCEPTION 'posthorn.publish: options.deliverAt is more than 365 days ahead. Publish the event later, or give an earlier time.'
        USING ERRCODE = 'invalid_parameter_value';
    ELSIF delivered > clock_timestamp() AND delivered >= ended THEN
      RAISE EXCEPTION 'posthorn.publish: options.deliverAt is not before the event expires, so it would never be delivered. Let it expire later.'
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
  END $$`;
