import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The whole spine. Events, deliveries and attempts are partitioned by the day inside their UUID v7, so retention
 * drops a day at once; the default partitions catch what no day covers. They carry no foreign keys: the hot path
 * writes them in bulk, and the engine's own statements keep them together.
 */
export class InitialSchema1763690000000 implements MigrationInterface {
  name = 'Spine1763690000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE SCHEMA IF NOT EXISTS posthorn`);
    await runner.query(`
      CREATE TABLE posthorn.spaces (
        id uuid PRIMARY KEY,
        uid text UNIQUE,
        name text NOT NULL,
        profile text NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        -- Grows with every change of the space's subscriptions: publishers compare it to know their copy is current.
        routing_version bigint NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE posthorn.api_keys (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        name text NOT NULL,
        scope text NOT NULL,
        prefix text NOT NULL,
        hash bytea NOT NULL UNIQUE,
        expires_at timestamptz,
        last_used_at timestamptz,
        created_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX api_keys_space ON posthorn.api_keys (space_id, id)`);
    await runner.query(`
      CREATE TABLE posthorn.subscriptions (
        id uuid PRIMARY KEY,
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        uid text,
        url text NOT NULL,
        description text,
        events text[] NOT NULL,
        scope_level text NOT NULL,
        client_id text,
        campaign_id text,
        filter jsonb,
        headers bytea,
        secrets jsonb NOT NULL,
        retry_schedule integer[] NOT NULL,
        pause_after integer,
        recovery text NOT NULL,
        timeout_ms integer NOT NULL,
        rate_per_second integer,
        profile text NOT NULL,
        metadata jsonb NOT NULL DEFAULT '{}',
        status text NOT NULL DEFAULT 'active',
        paused_reason text,
        paused_at timestamptz,
        failure_count integer NOT NULL DEFAULT 0,
        probe_step integer NOT NULL DEFAULT 0,
        next_probe_at timestamptz,
        -- Until when a Retry-After answer asked the whole endpoint to wait.
        waits_until timestamptz,
        -- Grows with every change a person makes (and with pause and resume), not with failure counts: the ETag.
        version integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        UNIQUE (space_id, uid)
      )`);
    await runner.query(`CREATE INDEX subscriptions_space ON posthorn.subscriptions (space_id, id)`);
    await runner.query(
      `CREATE INDEX subscriptions_probe ON posthorn.subscriptions (next_probe_at) WHERE next_probe_at IS NOT NULL`,
    );
    await runner.query(`
      CREATE TABLE posthorn.event_types (
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        name text NOT NULL,
        family text NOT NULL,
        description text NOT NULL,
        schema jsonb NOT NULL,
        example text NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (space_id, name)
      )`);
    await runner.query(`
      CREATE TABLE posthorn.event_keys (
        space_id uuid NOT NULL REFERENCES posthorn.spaces ON DELETE CASCADE,
        key text NOT NULL,
        event_id uuid NOT NULL,
        deliveries integer NOT NULL,
        fingerprint bytea NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (space_id, key)
      )`);
    await runner.query(`CREATE INDEX event_keys_age ON posthorn.event_keys (created_at)`);
    await runner.query(`
      CREATE TABLE posthorn.events (
        id uuid NOT NULL,
        space_id uuid NOT NULL,
        type text NOT NULL,
        occurred_at timestamptz NOT NULL,
        client_id text,
        campaign_id text,
        lead_id text,
        publisher_id text,
        -- Text, never jsonb: the bytes the publisher sent, with its key order and its 1.0.
        data text NOT NULL,
        PRIMARY KEY (id)
      ) PARTITION BY RANGE (id)`);
    await runner.query(`CREATE INDEX events_space ON posthorn.events (space_id, id)`);
    await runner.query(`
      CREATE TABLE posthorn.deliveries (
        id uuid NOT NULL,
        space_id uuid NOT NULL,
        event_id uuid NOT NULL,
        event_type text NOT NULL,
        subscription_id uuid NOT NULL,
        status text NOT NULL,
        trigger text NOT NULL,
        override text,
        attempt_count integer NOT NULL DEFAULT 0,
        -- How many attempts the retry schedule has seen; interrupted and manual ones are not among them.
        schedule_step integer NOT NULL DEFAULT 0,
        max_attempts integer NOT NULL,
        next_attempt_at timestamptz,
        lease uuid,
        lease_until timestamptz,
        last_status_code integer,
        last_error text,
        finished_at timestamptz,
        PRIMARY KEY (id)
      ) PARTITION BY RANGE (id)`);
    await runner.query(`CREATE INDEX deliveries_space ON posthorn.deliveries (space_id, id)`);
    await runner.query(`CREATE INDEX deliveries_subscription ON posthorn.deliveries (subscription_id, id)`);
    await runner.query(`CREATE INDEX deliveries_event ON posthorn.deliveries (event_id)`);
    await runner.query(
      `CREATE INDEX deliveries_due ON posthorn.deliveries (next_attempt_at) WHERE status = 'pending'`,
    );
    await runner.query(
      `CREATE INDEX deliveries_waiting ON posthorn.deliveries (subscription_id, next_attempt_at) WHERE status = 'pending'`,
    );
    await runner.query(
      `CREATE INDEX deliveries_held ON posthorn.deliveries (subscription_id, id) WHERE status = 'held'`,
    );
    await runner.query(`
      CREATE TABLE posthorn.attempts (
        delivery_id uuid NOT NULL,
        n integer NOT NULL,
        id uuid NOT NULL,
        started_at timestamptz NOT NULL,
        url text NOT NULL,
        request_headers text NOT NULL,
        status_code integer,
        response_headers text,
        response_body bytea,
        response_truncated boolean NOT NULL DEFAULT false,
        error_code text,
        error_detail text,
        address_class text,
        dns_ms real,
        connect_ms real,
        tls_ms real,
        first_byte_ms real,
        total_ms real,
        PRIMARY KEY (delivery_id, n)
      ) PARTITION BY RANGE (delivery_id)`);
    for (const table of ['events', 'deliveries', 'attempts']) {
      await runner.query(`CREATE TABLE posthorn.${table}_default PARTITION OF posthorn.${table} DEFAULT`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP SCHEMA posthorn CASCADE`);
  }
}
