import type { LoopKind } from './ceiling.js';
import type { Queue } from './engine.js';
import { medians } from './percentiles.js';
import type { Figures, Scenario, Stage, Target } from './scenario.js';

/** The medians of a scenario's plays, and the plays. */
export interface ScenarioResult {
  name: string;
  about: string;
  queue: Queue;
  figures: Figures;
  targets: Record<string, Target>;
  plays: Figures[];
}

/** Plays each scenario once (quick, or where a play takes minutes) or three times. One that fails fails the run. */
export async function playAll(
  scenarios: readonly Scenario[],
  stage: Stage,
  queue: Queue,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    if (scenario.onlyQueue !== undefined && scenario.onlyQueue !== queue) continue;
    stage.progress(`${queue}: ${scenario.name}, ${scenario.about}`);
    await scenario.warmUp?.(stage);
    const plays: Figures[] = [];
    const times = stage.isQuick || scenario.isLong === 'once' ? 1 : 3;
    let before = scenario.compared === undefined ? null : await measureLoops(stage, scenario.bytes);
    for (let n = 1; n <= times; n += 1) {
      const figures = await scenario.play(stage);
      if (scenario.compared !== undefined && before !== null) {
        // Machines speed up and slow down: what is compared was measured right before and right after.
        const after = await measureLoops(stage, scenario.bytes);
        Object.assign(figures, shares(figures[scenario.compared] ?? 0, before, after));
        before = after;
      }
      plays.push(figures);
      stage.progress(`${queue}: ${scenario.name} ${n}/${times}: ${inWords(figures)}`);
      for (const line of await stage.engine.dearestStatements()) stage.progress(line);
    }
    const { name, about, targets } = scenario;
    results.push({ name, about, queue, targets, plays, figures: medians(plays) });
  }
  return results;
}

/** Requests a second of each kind of bare loop. */
type Loops = Record<LoopKind, number>;

async function measureLoops(
  { loops, receiver, receiverUrl, isQuick }: Stage,
  bytes: number | undefined,
): Promise<Loops> {
  const measure = async (kind: LoopKind): Promise<number> => {
    await receiver.call('reset', {});
    const asked = { kind, url: receiverUrl, bytes, milliseconds: isQuick ? 700 : 2_000 };
    return (await loops[kind].call('measure', asked)).requestsPerSecond;
  };
  return { request: await measure('request'), pool: await measure('pool') };
}

/** What part of each loop's mean `rate` is. */
function shares(rate: number, before: Loops, after: Loops): Figures {
  const ceiling = (before.request + after.request) / 2;
  const pool = (before.pool + after.pool) / 2;
  return {
    'ceiling/s': ceiling,
    ratio: rate / ceiling,
    'pool loop/s': pool,
    'ratio to pool loop': rate / pool,
  };
}

/** `ratio 0.41, deliveries/s 11,900` */
function inWords(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${readable(value)}`)
    .join(', ');
}

/** Three digits at least; whole numbers from 100 on. */
export function readable(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
