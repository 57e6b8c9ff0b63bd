import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** What is wrong with a schema and an example of it. Nothing: both are well. */
export type Finding =
  | { kind: 'well' }
  | { kind: 'unusable'; why: string }
  | { kind: 'mismatch'; place: string; why: string }
  | { kind: 'too_costly' };

interface Question {
  schema: object;
  example: object | undefined;
}

/** A thread that has nothing to do for so long ends, milliseconds. */
const IDLE_MS = 10_000;
const START_MS = 30_000;
const LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 };

/** As text: a thread needs a file of JavaScript or this, and in tests there are no files of JavaScript. */
const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { Ajv2020 } = require(workerData.ajv);
  function check({ schema, example }) {
    try {
      // A new instance each time: one kept would remember every $id it has seen, whosever it was.
      const accepts = new Ajv2020({ strict: false, validateFormats: false, logger: false }).compile(schema);
      if (example === undefined || accepts(example)) return { kind: 'well' };
      const { instancePath = '', message = 'not valid' } = accepts.errors?.[0] ?? {};
      return { kind: 'mismatch', place: instancePath, why: message };
    } catch (error) {
      // Not only what does not compile: a $ref that leads back to itself fails when it is first followed.
      return { kind: 'unusable', why: String(error.message) };
    }
  }
  parentPort.on('message', (question) => parentPort.postMessage(check(question)));
  parentPort.postMessage({ kind: 'well' });
`;

/**
 * Checks schemas in a thread of its own, one after the other. A schema is a tenant's program: a pattern such as
 * `^(a+)+$`, items that must differ or references to references can keep it busy for years, and nobody else shall wait
 * for it meanwhile.
 */
export class SchemaWorker {
  private thread: Worker | null = null;
  private idle: NodeJS.Timeout | undefined;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly limitMs: number) {}

  /** Throws when there can be no thread. */
  check(question: Question): Promise<Finding> {
    const finding = this.last.then(() => this.run(question));
    this.last = finding.catch(() => undefined);
    return finding;
  }

  private async run(question: Question): Promise<Finding> {
    clearTimeout(this.idle);
    const thread = this.thread ?? (await this.start());
    const finding = await answerOf(thread, this.limitMs, () => thread.postMessage(question));
    if (finding.kind === 'too_costly') await this.end();
    else this.idle = setTimeout(() => void this.end(), IDLE_MS).unref();
    return finding;
  }

  private async start(): Promise<Worker> {
    const thread = new Worker(PROGRAM, {
      eval: true,
      env: {},
      execArgv: [],
      resourceLimits: LIMITS,
      workerData: { ajv: createRequire(import.meta.url).resolve('ajv/dist/2020.js') },
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

  private async end(): Promise<void> {
    const { thread } = this;
    this.thread = null;
    await thread?.terminate();
  }
}

/** The next answer; `too_costly` when the time or the thread's memory is used up first. */
function answerOf(thread: Worker, limitMs: number, ask: () => void): Promise<Finding> {
  return new Promise((resolve) => {
    const end = (finding: Finding) => {
      clearTimeout(timer);
      thread.off('message', end).off('error', giveUp).off('exit', giveUp);
      resolve(finding);
    };
    const giveUp = () => end({ kind: 'too_costly' });
    const timer = setTimeout(giveUp, limitMs);
    thread.on('message', end).on('error', giveUp).on('exit', giveUp);
    ask();
  });
}
