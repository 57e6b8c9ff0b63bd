import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Throttled } from '../core/errors.js';
import { FairSemaphore } from '../lib/fair-semaphore.js';
import { FixedWindow } from '../lib/fixed-window.js';
import { SchemaWorker, type DataFinding, type SchemaDifference, type TooCostly } from './schema-worker.js';
import { Lru } from '../lib/lru.js';

/** What comparing some data came to. `not_tried`: the space's time for costly data is used up; milliseconds. */
export type DataResult =
  | { kind: 'fits' }
  | { kind: 'differs'; differences: SchemaDifference[] }
  | { kind: 'unusable'; why: string }
  | { kind: 'too_costly' }
  | NotTried;

interface NotTried {
  kind: 'not_tried';
  againInMs: number;
}

/** A schema that data is compared with. */
export interface KnownSchema {
  hash: string;
  /** JSON text. */
  text: string;
}

/** Time for one question, milliseconds: that of a schema known as quick, and that of all others. */
const QUICK_MS = 250;
const SLOW_MS = 1_000;
/** A schema that took no longer for a question is quick. */
const IS_QUICK_MS = 20;
/** One question: bytes and number of texts. */
const QUESTION_BYTES = 256 * 1024;
const QUESTION_TEXTS = 200;
/** How often data of one space may use up its time, until the rest of its window is over, milliseconds. */
const COSTLY = { limit: 6, windowMs: 60_000, maxKeys: 50_000 };
const IDLE_MS = 60_000;
const MAX_SCHEMAS = 10_000;
/** Questions of one space that wait. */
const MAX_WAITING = 200;

/**
 * Compares data with schemas, in two threads. A schema begins in the slow one; once it has shown that it is quick it
 * goes to the other, so that quick ones do not wait for what uses up its time. Spaces take turns.
 */
@Injectable()
export class DataValidator implements OnModuleDestroy {
  private readonly quick = new ValidationThread(QUICK_MS);
  private readonly slow = new ValidationThread(SLOW_MS);
  /** By hash: schemas that are known as quick. */
  private readonly known = new Lru<'quick'>(MAX_SCHEMAS);
  private readonly costly = new FixedWindow(COSTLY);

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.quick.end(), this.slow.end()]);
  }

  /** The results in the order of `texts`. Throws Throttled when much of the space waits already. */
  async validate(spaceId: string, schema: KnownSchema, texts: string[]): Promise<DataResult[]> {
    const results: DataResult[] = [];
    for (const part of inParts(texts)) {
      const finding = await this.ask(spaceId, schema, part);
      // One text of them may be costly, and the others are not to blame.
      if (finding.kind === 'too_costly' && part.length > 1)
        for (const text of part) results.push(...resultsOf(await this.ask(spaceId, schema, [text]), 1));
      else results.push(...resultsOf(finding, part.length));
    }
    return results;
  }

  private async ask(spaceId: string, schema: KnownSchema, texts: string[]): Promise<Finding> {
    const { hash } = schema;
    if (this.known.has(hash)) {
      const finding = await this.quick.ask(spaceId, schema, texts);
      if (finding.kind !== 'too_costly') return finding;
      this.known.delete(hash);
    }
    const finding = await this.slow.ask(spaceId, schema, texts, this.costly);
    if (finding.kind === 'data' && finding.ms <= IS_QUICK_MS) this.known.set(hash, 'quick');
    return finding;
  }
}

type Finding = DataFinding | TooCostly | NotTried;

/** One thread, and who waits for it. */
class ValidationThread {
  private readonly semaphore = new FairSemaphore(1);
  private readonly worker: SchemaWorker;

  constructor(limitMs: number) {
    this.worker = new SchemaWorker(limitMs, IDLE_MS);
  }

  /** `costly`: counts what uses up its time, by owner. Looked at when it is the owner's turn. */
  ask(owner: string, { hash, text }: KnownSchema, texts: string[], costly?: FixedWindow): Promise<Finding> {
    if (this.semaphore.waitingOf(owner) >= MAX_WAITING)
      throw new Throttled('Too much data of this space is waiting for validation. Try again in a second.', 1);
    return this.semaphore.run(owner, async () => {
      const now = performance.now();
      const state = costly?.stateOf(owner, now);
      if (state && !state.allowed) return { kind: 'not_tried', againInMs: state.resetAt - now };
      const finding = await this.worker.validate({ hash, schema: text, texts });
      if (finding.kind === 'too_costly') costly?.consume(owner, now);
      return finding;
    });
  }

  end(): Promise<void> {
    return this.worker.end();
  }
}

/** Parts of so many texts that passing one on takes well below a millisecond. */
function* inParts(texts: string[]): Iterable<string[]> {
  let part: string[] = [];
  let bytes = 0;
  for (const text of texts) {
    if (part.length > 0 && (part.length >= QUESTION_TEXTS || bytes + text.length > QUESTION_BYTES)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(text);
    bytes += text.length;
  }
  if (part.length > 0) yield part;
}

function resultsOf(finding: Finding, count: number): DataResult[] {
  if (finding.kind !== 'data') return Array.from({ length: count }, () => finding);
  return finding.results.map((differences) =>
    differences ? { kind: 'differs', differences } : { kind: 'fits' },
  );
}
