import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SCHEMA_PROGRAM } from './schema-program.js';

/** What is wrong with a schema, or with the example at `index`. Nothing: all are well. */
export type DefinitionFinding =
  | { kind: 'well' }
  | { kind: 'unusable'; why: string }
  | { kind: 'mismatch'; index: number; place: string; why: string };

/** One difference of data from its schema. `place`: `.lead.email`, `.items[2]`, or empty. */
export interface SchemaDifference {
  place: string;
  why: string;
}

/** What data differs in, for each of the texts; null: in nothing. `ms`: how long that took. */
export type DataFinding =
  { kind: 'data'; results: (SchemaDifference[] | null)[]; ms: number } | { kind: 'unusable'; why: string };

/** The time or the thread's memory was used up. */
export interface TooCostly {
  kind: 'too_costly';
}

interface DefinitionQuestion {
  schema: object;
  examples: object[];
}

interface DataQuestion {
  /** Equal for equal schemas. */
  hash: string;
  /** JSON text, as the data. */
  schema: string;
  texts: string[];
}

type Answer = DefinitionFinding | DataFinding | TooCostly;

/** A thread that has nothing to do for so long ends, milliseconds. */
const IDLE_MS = 10_000;
const START_MS = 30_000;
/** After so many times its limit a question ends in any case. */
const PATIENCE = 10;
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

/**
 * Checks schemas, and data against schemas, in a thread of its own, one after the other. A schema is a tenant's
 * program: items that must differ or references to references can keep it busy for years, and nobody else shall wait
 * for it meanwhile.
 */
export class SchemaWorker {
  private thread: Worker | null = null;
  private idle: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly limitMs: number,
    private readonly idleMs = IDLE_MS,
  ) {}

  /** Throws when there can be no thread. */
  check(question: DefinitionQuestion): Promise<DefinitionFinding | TooCostly> {
    return this.ask(question) as Promise<DefinitionFinding | TooCostly>;
  }

  /** The same for data, all of it within the limit. */
  validate(question: DataQuestion): Promise<DataFinding | TooCostly> {
    return this.ask(question) as Promise<DataFinding | TooCostly>;
  }

  async end(): Promise<void> {
    const { thread } = this;
    clearTimeout(this.idle);
    this.thread = null;
    await thread?.terminate();
  }

  private ask(question: DefinitionQuestion | DataQuestion): Promise<Answer> {
    const answer = this.last.then(() => this.run(question));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  private async run(question: DefinitionQuestion | DataQuestion): Promise<Answer> {
    clearTimeout(this.idle);
    const thread = this.thread ?? (await this.start());
    const answer = await answerOf(thread, this.limitMs, () => thread.postMessage(question));
    if (answer.kind === 'too_costly') await this.end();
    else this.idle = setTimeout(() => void this.end(), this.idleMs).unref();
    return answer;
  }

  private async start(): Promise<Worker> {
    const { resolve } = createRequire(import.meta.url);
    const thread = new Worker(SCHEMA_PROGRAM, {
      eval: true,
      env: {},
      execArgv: [],
      resourceLimits: LIMITS,
      workerData: { ajv: resolve('ajv/dist/2020.js'), re2js: resolve('re2js') },
    });
    thread.unref();
    // A thread that ends by itself is not there for the next check; why, whoever waits for it learns.
    thread
      .on('error', () => undefined)
      .on('exit', () => {
        if (this.thread === thread) this.thread = null;
      });
    const { kind } = await answerOf(thread, START_MS, () => undefined);
    if (kind !== 'well') throw new Error('The thread that checks JSON Schemas did not start.');
    return (this.thread = thread);
  }
}

/**
 * The next answer; `too_costly` when the time or the thread's memory is used up first. Only time in which this process
 * had a processor counts: on a busy machine, or stopped, a thread may get nothing of a second.
 */
function answerOf(thread: Worker, limitMs: number, ask: () => void): Promise<Answer> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const end = (answer: Answer) => {
      clearTimeout(timer);
      timer = undefined;
      thread.off('message', end).off('error', giveUp).off('exit', giveUp);
      resolve(answer);
    };
    const giveUp = () => end({ kind: 'too_costly' });
    const [from, last] = [processorMs(), performance.now() + limitMs * PATIENCE];
    const wait = (ms: number) => {
      // An answer that came while this thread stood still counts: it is read before the immediate.
      timer = setTimeout(() => setImmediate(look), ms);
    };
    const look = () => {
      if (timer === undefined) return;
      const left = limitMs - (processorMs() - from);
      if (left < 1 || performance.now() >= last) giveUp();
      else wait(left);
    };
    thread.on('message', end).on('error', giveUp).on('exit', giveUp);
    wait(limitMs);
    ask();
  });
}

/** What all threads of this process have used, milliseconds. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
