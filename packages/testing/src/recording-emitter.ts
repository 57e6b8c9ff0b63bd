import { randomUUID } from 'node:crypto';

/** An event as the application published it. */
export interface EmittedRecord {
  /** The space, by its id or uid, as the application named it. */
  space: string;
  type: string;
  /** After the way through JSON: what receivers would get. */
  data: unknown;
  /** The publisher's own id, if it gave one. */
  id?: string;
  /** Whatever else stood beside: `occurredAt`, `scope`, … */
  [field: string]: unknown;
}

/** Where and how to publish, as `WebhookEmitter` takes it. */
export interface EmitTarget {
  space: string;
  [transaction: string]: unknown;
}

interface EventLike {
  type: string;
  data: unknown;
  id?: string;
}

interface Emitted {
  id: string;
  type: string;
  duplicate: boolean;
  deliveries: number;
}

/**
 * Stands for `WebhookEmitter` in tests that need no engine: it remembers what was emitted. It knows nothing of
 * transactions: what a rollback takes back is still recorded here. Use `startTestEngine` for that.
 */
export class RecordingEmitter {
  /** In the order they were emitted. */
  readonly events: EmittedRecord[] = [];
  private readonly ids = new Map<string, { id: string; text: string }>();
  private failure: Error | null = null;

  /** As `WebhookEmitter.emit`. */
  async emit(target: EmitTarget, event: EventLike): Promise<Emitted> {
    const [emitted] = await this.emitMany(target, [event]);
    return emitted as Emitted;
  }

  /** As `WebhookEmitter.emitMany`: all of them, or none. */
  emitMany({ space }: EmitTarget, events: readonly EventLike[]): Promise<Emitted[]> {
    return new Promise((resolve) => {
      const { failure } = this;
      this.failure = null;
      if (failure) throw failure;
      const records = events.map((event) => recordOf(space, event));
      const before = this.events.length;
      try {
        resolve(records.map((record) => this.record(record)));
      } catch (error) {
        for (const record of this.events.splice(before)) this.ids.delete(keyOf(record));
        throw error;
      }
    });
  }

  /** The data of all events of a type, in order. */
  dataOf(type: string): unknown[] {
    return this.events.filter((event) => event.type === type).map(({ data }) => data);
  }

  /** Lets the next call fail with this error, as when the database is away. Nothing is recorded then. */
  failOnce(error: Error): void {
    this.failure = error;
  }

  /** Forgets everything: call it before each test. */
  clear(): void {
    this.events.length = 0;
    this.ids.clear();
    this.failure = null;
  }

  private record(record: EmittedRecord): Emitted {
    const made = { id: `evt_${randomUUID().replaceAll('-', '')}`, type: record.type, deliveries: 0 };
    if (record.id !== undefined) {
      const key = keyOf(record);
      const text = JSON.stringify(record);
      const known = this.ids.get(key);
      if (known && known.text !== text) {
        throw new Error(`An event with the id "${record.id}" and another body was emitted before.`);
      }
      if (known) return { ...made, id: known.id, duplicate: true };
      this.ids.set(key, { id: made.id, text });
    }
    this.events.push(record);
    return { ...made, duplicate: false };
  }
}

function keyOf({ space, id }: EmittedRecord): string {
  return JSON.stringify([space, id]);
}

function recordOf(space: string, event: EventLike): EmittedRecord {
  const text = JSON.stringify(event);
  const copy = JSON.parse(text) as EventLike;
  if (typeof copy.type !== 'string' || copy.type === '') throw new TypeError('An event needs a `type`.');
  if (typeof copy.data !== 'object' || copy.data === null || Array.isArray(copy.data)) {
    throw new TypeError(`The data of ${copy.type} must be an object.`);
  }
  return { space, ...copy };
}

/** Makes an emitter that remembers: `.overrideProvider(WebhookEmitter).useValue(recordingEmitter())`. */
export function recordingEmitter(): RecordingEmitter {
  return new RecordingEmitter();
}
