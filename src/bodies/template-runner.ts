import { FairSemaphore } from '../lib/fair-semaphore.js';
import { MEMORY_MB, TemplateProcess, type Answer, type Question } from './template-process.js';
import { Lru } from '../lib/lru.js';

/** Time for one evaluation, milliseconds: a thousand times what a usual template takes. */
const LIMIT_MS = 1_000;
const PROCESSES = 2;
/** A template that used up its time or memory is not tried again for so long, milliseconds. */
const REST_MS = 60_000;
/** Evaluations of one space that may wait: beyond that they come back later. */
const MAX_WAITING = 200;

/** `busy`: too many of the space wait already. */
export type TemplateResult = { text: string } | { error: string; busy?: true };

const OVER = `The template used more than ${LIMIT_MS / 1_000} s or ${MEMORY_MB} MiB. It is tried again a minute later`;
const BUSY: TemplateResult = { error: 'Too many templates of this space are being evaluated', busy: true };

/**
 * Evaluates the templates of all spaces, which take turns: what one of them writes costs the others nothing but a turn.
 * It starts no process before the first template.
 */
export class TemplateRunner {
  private readonly semaphore = new FairSemaphore(PROCESSES);
  private readonly free = Array.from({ length: PROCESSES }, () => new TemplateProcess(LIMIT_MS));
  private readonly all = [...this.free];
  private readonly resting = new Lru<true>(1_000, { ttl: REST_MS });

  /** `owner`: the space. */
  async run(owner: string, question: Question): Promise<TemplateResult> {
    if (this.isResting(owner, question)) return { error: OVER };
    if (this.semaphore.waitingOf(owner) >= MAX_WAITING) return BUSY;
    const answer = await this.semaphore.run(owner, () => this.ask(owner, question));
    return 'over' in answer ? { error: OVER } : answer;
  }

  /** Ends the processes. */
  close(): void {
    for (const one of this.all) one.end();
  }

  private async ask(owner: string, question: Question): Promise<Answer> {
    // It may have used up its time while this one waited.
    if (this.isResting(owner, question)) return { over: true };
    // Never empty: there are as many processes as turns.
    const evaluator = this.free.pop() as TemplateProcess;
    try {
      const answer = await evaluator.ask(question);
      if ('over' in answer) this.resting.set(keyOf(owner, question), true);
      return answer;
    } finally {
      this.free.push(evaluator);
    }
  }

  private isResting(owner: string, question: Question): boolean {
    return this.resting.has(keyOf(owner, question));
  }
}

function keyOf(owner: string, { template }: Question): string {
  return `${owner} ${template}`;
}
