import { cpuFigures } from '../process-costs.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { besideBystander, BYSTANDER } from './bystander.js';
import { inParallel } from './wide.js';

const SPACES = 10_000;
/** Enough events for some seconds. */
const EVENTS = 20_000;
const DRAIN_MS = 120_000;

/** Ten thousand customers with an endpoint each: every event is of another space than the one before. */
export const manySpaces: Scenario = {
  name: 'many-spaces',
  about: `${SPACES.toLocaleString('en')} spaces (quick: 1,000) publish in turn, one event a request, 64 at once`,
  isLong: 'once',
  compared: 'deliveries/s',
  targets: { 'ratio to pool loop': { atLeast: 0.15 }, 'node MB': { atMost: 400 }, ...BYSTANDER },
  play: async (stage) => {
    const names = Array.from({ length: stage.isQuick ? 1_000 : SPACES }, (_, n) => `many-${Date.now()}-${n}`);
    await inParallel(names, async (uid) => {
      await stage.engine.call('POST', '/v1/spaces', { name: uid, uid });
      const url = `${stage.receiverUrl}/${uid}`;
      await stage.engine.call('POST', `/v1/spaces/${uid}/subscriptions`, { url });
    });
    stage.progress(`${names.length} spaces made`);
    const first = await publishInTurn(stage, names);
    const alone = await publishInTurn(stage, names);
    const beside = await besideBystander(stage, () => publishInTurn(stage, names));
    const bystander = Object.entries(beside).filter(([figure]) => figure.startsWith('bystander'));
    return {
      'first round deliveries/s': first['deliveries/s'] ?? NaN,
      ...alone,
      'deliveries/s beside others': beside['deliveries/s'] ?? NaN,
      ...Object.fromEntries(bystander),
    };
  },
};

async function publishInTurn(
  { engine, receiver, generator, isQuick }: Stage,
  spaces: string[],
): Promise<Figures> {
  await receiver.call('reset', {});
  engine.forgetPeakMemory();
  const before = engine.costs();
  const events = isQuick ? EVENTS / 2 : EVENTS;
  const target = { url: engine.url, urls: engine.urls, key: engine.adminKey, space: '', spaces };
  const published = await generator.call('publish', { ...target, events, batch: 1, connections: 64 });
  await receiver.call('received', { count: events, timeoutMs: DRAIN_MS });
  const reports = Object.values(await receiver.call('report', undefined));
  const arrived = reports.reduce((sum, { requests, duplicates }) => sum + requests - duplicates, 0);
  if (published.accepted !== events || arrived !== events)
    throw new Error(`${published.accepted} of ${events} were accepted, ${arrived} came`);
  const lastAt = Math.max(...reports.map((report) => report.lastAt));
  return {
    'deliveries/s': (events * 1_000) / (lastAt - published.startedAt),
    'acknowledged/s': (events * 1_000) / (published.endedAt - published.startedAt),
    'answer p99 ms': published.answer.p99,
    ...cpuFigures(before, engine.costs(), events),
    'node MB': engine.peakNodeMemory(),
  };
}
