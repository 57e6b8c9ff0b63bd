import type { Engine } from '../engine.js';
import type { GeneratorCommands } from '../generator.js';
import { Peer } from '../process-commands.js';
import type { ReceiverCommands } from '../receiver.js';
import type { Figures, Stage } from '../scenario.js';

const RATE = 50;
const CONNECTIONS = 16;
const IDLE_SECONDS = 6;
/** Events of one round: it ends soon after what it is beside. */
const ROUND = 25;

/** What no other space may notice of a scenario: its own p99 grows to twice the idle one at the most. */
export const BYSTANDER = { 'bystander p99 to idle': { atMost: 2 } };

/** Another space with its own generator and receiver: measures it while nothing else happens, and beside `work`. */
export async function besideBystander(
  { engine, isQuick }: Pick<Stage, 'engine' | 'isQuick'>,
  work: () => Promise<Figures>,
): Promise<Figures> {
  const receiver = Peer.start<ReceiverCommands>('receiver.ts');
  const generator = Peer.start<GeneratorCommands>('generator.ts');
  try {
    const url = await receiver.call('start', undefined);
    const publish = await publisher(engine, generator, `${url}/bystander`);
    const measure = async (until: () => boolean): Promise<{ p50: number; p99: number }> => {
      await receiver.call('reset', {});
      let events = 0;
      do events += await publish();
      while (!until());
      await receiver.call('received', { count: events, timeoutMs: 60_000 });
      const report = (await receiver.call('report', undefined))['/bystander'];
      if (report?.requests !== events)
        throw new Error(`${report?.requests} of ${events} of the bystander came`);
      return report.latency;
    };
    await publish();
    const idleUntil = performance.now() + (isQuick ? 1 : IDLE_SECONDS) * 1_000;
    const idle = await measure(() => performance.now() > idleUntil);
    let isDone = false;
    const working = work().finally(() => (isDone = true));
    const [during, figures] = await Promise.all([measure(() => isDone), working]);
    return {
      ...figures,
      'bystander idle p99 ms': idle.p99,
      'bystander p50 ms': during.p50,
      'bystander p99 ms': during.p99,
      'bystander p99 to idle': during.p99 / idle.p99,
    };
  } finally {
    await Promise.all([generator.stop(), receiver.stop()]);
  }
}

async function publisher(
  engine: Engine,
  generator: Peer<GeneratorCommands>,
  endpoint: string,
): Promise<() => Promise<number>> {
  const { url, key, space } = await engine.tenant([endpoint]);
  const load = { url, key, space, events: ROUND, batch: 1, connections: CONNECTIONS, rate: RATE };
  return async () => (await generator.call('publish', load)).accepted;
}
