import { Injectable } from '@nestjs/common';
import { Invalid, NotFound, type Issue } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { stringifyWithBigInts } from '../lib/exact-number.js';
import { parseStrictly } from '../http/json-body.js';
import { KnownErrors } from '../http/known-errors.js';
import { isUid } from '../http/uid.js';
import { TransactionRefused } from '../database/transactions/transaction-refused.js';
import { Tracing } from '../telemetry/tracing.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SpaceLookup } from '../spaces/space-lookup.js';
import { SpacesService } from '../spaces/spaces.service.js';
import type { EventDraft } from './draft.js';
import type { TypedEvent } from './event-map.js';
import { Publisher } from './publish.js';
import { publishTraced } from './publish-trace.js';
import { TransactionPublisher } from './transaction-publisher.js';
import { readEvents } from './publish-input.js';
import { readRequestKey } from './request-key.js';

/** What a publisher gets back for an event. */
export interface EmittedEvent {
  /** `evt_` id. */
  id: string;
  type: string;
  /** Whether an event with the same `id` and body was published before; then it is that one. */
  duplicate: boolean;
  /** How many deliveries the event has. */
  deliveries: number;
  /** What you should know about it, e.g. that its data differs from the schema; absent: nothing. */
  warnings?: Issue[];
}

/** Where and how to publish. */
export interface EmitOptions {
  /** The space, by its `spc_` id or uid. */
  space: string;
  /**
   * Your key of this call, up to 256 printable ASCII characters: the same call again answers with the first events, one
   * with other events throws Conflict. Like the header `Idempotency-Key`.
   */
  idempotencyKey?: string;
  /**
   * Make the space if there is none with this uid, with the uid as its name. It is made at once, and stays when the
   * events are refused or the transaction is rolled back.
   */
  upsertSpace?: boolean;
  /**
   * The transaction to publish in: a TypeORM manager or query runner, the client that Prisma, Drizzle, Kysely, Knex,
   * MikroORM, Sequelize, postgres.js or pg gives to a transaction, or any object with `query(text, values)`. Events
   * exist, and their deliveries start, when it commits; a rollback removes them. It must be open, and on Posthorn's
   * own database.
   */
  tx?: object;
  /** The same under another name. */
  transaction?: object;
  /** The same for a TypeORM manager. */
  manager?: object;
}

/**
 * Publishes events from inside an application. Names and data are checked by the compiler against the catalogue.
 *
 * @example
 * await orders.manager.transaction(async (manager) => {
 *   await manager.save(lead);
 *   await emitter.emit({ space: 'acme', manager }, { type: 'lead.create', data: lead });
 * });
 */
@Injectable()
@KnownErrors()
export class WebhookEmitter {
  constructor(
    private readonly publisher: Publisher,
    private readonly spaces: SpaceLookup,
    private readonly tracing: Tracing,
    private readonly inTransactions: TransactionPublisher,
    private readonly upserts: SpacesService,
  ) {}

  /**
   * Publishes one event. Throws NotFound for the space, Invalid for an unknown type, Conflict for a reused id, and
   * TransactionRefused for a transaction that is not open or of another database; Unavailable and OutcomeUnknown when
   * the database is away.
   */
  async emit(options: EmitOptions, event: TypedEvent): Promise<EmittedEvent> {
    const [emitted] = await this.publish(options, event);
    return emitted as EmittedEvent;
  }

  /** Publishes up to 1,000 events: all of them, or none when it throws. */
  async emitMany(options: EmitOptions, events: TypedEvent[]): Promise<EmittedEvent[]> {
    return events.length === 0 ? [] : this.publish(options, events);
  }

  private async publish(
    { space, idempotencyKey, upsertSpace = false, ...options }: EmitOptions,
    events: TypedEvent | TypedEvent[],
  ): Promise<EmittedEvent[]> {
    const tx = transactionOf(options);
    // What no space could publish makes none.
    if (upsertSpace) toDrafts(events);
    const origin = { space: await this.spaceOf(space, upsertSpace), given: null };
    const read = () => Promise.resolve(toDrafts(events));
    const published = await publishTraced(this.tracing, origin, read, (drafts, trace) => {
      const requestKey = readRequestKey(idempotencyKey, drafts);
      const request = { spaceId: origin.space.id, drafts, requestKey, trace };
      return tx ? this.inTransactions.publish(tx, request) : this.publisher.publish(request);
    });
    return published.map(({ id, ...rest }) => ({ id: publicId('evt', id), ...rest }));
  }

  private async spaceOf(ref: string, isUpserted: boolean): Promise<SpaceRef> {
    const space = await this.spaces.find(ref);
    if (space) return space;
    if (!isUpserted || !isUid(ref)) throw new NotFound(`space "${ref}"`);
    return this.upserts.upsertSpace({ uid: ref });
  }
}

/** Null: none is given. A name with nothing in it is a mistake: the event would survive a rollback. */
function transactionOf(
  options: Omit<EmitOptions, 'space' | 'idempotencyKey' | 'upsertSpace'>,
): object | null {
  const given = Object.entries(options).filter(([, value]: [string, unknown]) => value !== undefined);
  if (given.length > 1)
    throw new TransactionRefused(`Give one transaction, not ${given.map(([name]) => name).join(' and ')}.`);
  const [first] = given as [string, unknown][];
  if (!first) return null;
  const [name, tx] = first;
  if ((typeof tx === 'object' || typeof tx === 'function') && tx !== null) return tx;
  throw new TransactionRefused(
    `${name}: ${String(tx)} is not a transaction. Give one, or leave ${name} out.`,
  );
}

/** Converts to JSON and back, as for HTTP clients: what is stored is what receivers get. */
function toDrafts(events: TypedEvent | TypedEvent[]): EventDraft[] {
  const text = textOf(events);
  return readEvents(parseStrictly(text), text);
}

function textOf(events: unknown): string {
  try {
    return stringifyWithBigInts(events);
  } catch (error) {
    const message = `cannot be written as JSON (${String(error).split('\n', 1)[0]}). Give plain data.`;
    throw new Invalid([{ path: 'data', code: 'not_json', message }]);
  }
}
