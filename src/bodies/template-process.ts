import { spawn, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Message } from './message.js';

/** What a template is asked: its value for a message, as JSON text. Without a message: whether it can be compiled. */
export interface Question {
  template: string;
  message: Omit<Message, 'envelope'> | null;
}

/** `over`: the time or the memory was used up. */
export type Answer = { text: string } | { error: string } | { over: true };

/** A process that has nothing to do for so long ends, milliseconds. */
const IDLE_MS = 30_000;
const START_MS = 30_000;
export const MEMORY_MB = 64;

/**
 * As text: a process needs a file of JavaScript or this, and in tests there are no files of JavaScript. `$now` and
 * `$millis` are the event's time, and there is no chance and no `$eval`, so each attempt has the same body. JSONata's
 * functions are objects that all templates of the thread share, and its `|…|…|` changes objects: not these. Compiled
 * templates are kept by their length, since they take up to 130 bytes for each character.
 */
const EVALUATOR = `
  const { parentPort, workerData } = require('node:worker_threads');
  const jsonata = require(workerData.jsonata);
  const MOST = 1024 * 1024;
  const MOST_COMPILED = 256 * 1024;
  const compiled = new Map();
  let length = 0;
  function refuse(name) {
    const message = '$' + name + ' is not available in a template, since each attempt must have the same body';
    return () => { throw { message }; };
  }
  function updatesIn(node, updates = new Set(), seen = new Set()) {
    if (typeof node !== 'object' || node === null || seen.has(node)) return updates;
    seen.add(node);
    if (node.type === 'transform') updates.add(node.update);
    for (const part of Object.values(node)) updatesIn(part, updates, seen);
    return updates;
  }
  function isFunction(value) {
    return typeof value === 'function' || Boolean(value && (value._jsonata_function || value._jsonata_lambda));
  }
  function compile(template) {
    const known = compiled.get(template);
    if (known) { compiled.delete(template); compiled.set(template, known); return known; }
    const expression = jsonata(template, { recover: false });
    const updates = updatesIn(expression.ast());
    if (updates.size > 0) expression.assign(Symbol.for('jsonata.__evaluate_entry'), (step, input) => {
      if (updates.has(step) && isFunction(input)) throw { message: 'A template cannot change a function' };
    });
    compiled.set(template, expression);
    length += template.length;
    for (const [oldest] of compiled) {
      if (length <= MOST_COMPILED) break;
      compiled.delete(oldest);
      length -= oldest.length;
    }
    return expression;
  }
  function why(error) {
    const text = error && typeof error.message === 'string' ? error.message : String(error);
    const at = error && Number.isInteger(error.position) ? ' (at character ' + error.position + ')' : '';
    return text.slice(0, 500) + at;
  }
  async function answer({ template, message }) {
    try {
      const expression = compile(template);
      if (message === null) return { text: '' };
      const { id, type, version, timestamp, data } = message;
      const bindings = { now: () => timestamp, millis: () => Date.parse(timestamp), eval: refuse('eval'),
        random: refuse('random'), shuffle: refuse('shuffle') };
      const value = await expression.evaluate({ id, type, version, timestamp, data: JSON.parse(data) }, bindings);
      const text = JSON.stringify(value);
      if (text === undefined) return { error: 'The template gives no value' };
      if (text.length > MOST) return { error: 'The body has more than 1 MiB' };
      return { text };
    } catch (error) {
      return { error: why(error) };
    }
  }
  parentPort.on('message', (question) => answer(question).then((result) => parentPort.postMessage(result)));
  parentPort.postMessage({ text: '' });
`;

/** The evaluator is a thread of the process, so that the process notices the end of its parent whatever it does. */
const PROGRAM = `
  const { Worker } = require('node:worker_threads');
  process.on('disconnect', () => process.exit(0));
  const [, jsonata, evaluator] = process.argv;
  const resourceLimits = { maxOldGenerationSizeMb: ${MEMORY_MB}, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
  const thread = new Worker(evaluator, { eval: true, env: {}, execArgv: [], workerData: { jsonata }, resourceLimits });
  thread.on('message', (answer) => process.send(answer)).on('error', () => process.exit(1));
  process.on('message', (question) => thread.postMessage(question));
`;

/**
 * Evaluates templates in a process of its own, one at a time. A template is a tenant's program: it may never end, and
 * when a thread uses up its memory, V8 may end the whole process with it (ADR 21). The next question starts another.
 */
export class TemplateProcess {
  private child: ChildProcess | null = null;
  private idle: NodeJS.Timeout | undefined;

  constructor(private readonly limitMs: number) {}

  /** One at a time. Throws when there can be no process. */
  async ask(question: Question): Promise<Answer> {
    clearTimeout(this.idle);
    const child = this.child ?? (await this.start());
    const answer = await answerOf(child, this.limitMs, () => child.send(question, () => undefined));
    if ('over' in answer) this.end();
    else this.idle = setTimeout(() => this.end(), IDLE_MS).unref();
    return answer;
  }

  end(): void {
    clearTimeout(this.idle);
    const { child } = this;
    this.child = null;
    child?.kill('SIGKILL');
  }

  private async start(): Promise<ChildProcess> {
    const jsonata = createRequire(import.meta.url).resolve('jsonata');
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${MEMORY_MB}`, '-e', PROGRAM, jsonata, EVALUATOR],
      // No environment: nothing of this process's secrets is there to be found.
      { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' },
    );
    child.unref();
    child.channel?.unref();
    child
      .on('error', () => undefined)
      .on('exit', () => {
        if (this.child === child) this.child = null;
      });
    const ready = await answerOf(child, START_MS, () => undefined);
    if (!('text' in ready)) {
      child.kill('SIGKILL');
      throw new Error('The process for templates did not start.');
    }
    return (this.child = child);
  }
}

function answerOf(child: ChildProcess, limitMs: number, ask: () => void): Promise<Answer> {
  return new Promise((resolve) => {
    const end = (answer: Answer) => {
      clearTimeout(timer);
      child.off('message', end).off('error', giveUp).off('exit', giveUp);
      resolve(answer);
    };
    const giveUp = () => end({ over: true });
    // Node runs timers before it reads what has come: after a stall of this process an answer may be waiting.
    const timer = setTimeout(() => setImmediate(giveUp), limitMs);
    child.on('message', end).on('error', giveUp).on('exit', giveUp);
    ask();
  });
}
