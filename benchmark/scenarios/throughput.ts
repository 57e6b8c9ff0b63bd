import { medians } from '../percentiles.js';
import { cpuFigures } from '../process-costs.js';
import type { Behaviour, PathReport } from '../receiver.js';
import type { Figures, Scenario, Stage, Target } from '../scenario.js';

/** Publishing as fast as the engine answers, until all is delivered and settled. */
export interface ThroughputPlan {
  name: string;
  about: string;
  endpoints: number;
  /** Events in a publish request. */
  batch: number;
  /** Keep-alive connections that publish at once. */
  connections: number;
  /** About how long the data of an event is; as long as a lead unless given. */
  bytes?: number;
  /** How the receiver answers besides. */
  behaviour?: Behaviour;
  targets: Record<string, Target>;
}

/** Two thirds of a play pass while events are published, when publishing is faster than delivering. */
const WARM_UP_EVENTS = 2_000;
const DRAIN_MS = 180_000;

export function throughput(plan: ThroughputPlan): Scenario {
  let eventsPerSecond = 0;
  const warmUp = async (stage: Stage): Promise<void> => {
    for (const factor of [1, 4]) {
      const events = Math.ceil((WARM_UP_EVENTS * factor) / Math.max(1, plan.endpoints / 2));
      const figures = await measure(plan, stage, events);
      eventsPerSecond = figures['events/s'] ?? 0;
    }
  };
  return {
    name: plan.name,
    about: plan.about,
    targets: plan.targets,
    ...(plan.targets.ratio !== undefined && { compared: 'deliveries/s' }),
    warmUp,
    play: async (stage) => {
      const hundreds = Math.ceil((eventsPerSecond * stage.seconds) / 100);
      const figures = await measure(plan, stage, Math.max(1, hundreds) * 100);
      eventsPerSecond = figures['events/s'] ?? eventsPerSecond;
      return figures;
    },
  };
}

/** What long scenarios compare with end-to-end's rate: its plan. */
export const END_TO_END = { endpoints: 1, batch: 100, connections: 8 };

/**
 * Median figures of three measurements on each stage, in turns: what they are compared for, the machine does to all
 * alike.
 */
export async function measureInTurns(stages: readonly Stage[], events: number): Promise<Figures[]> {
  const measured: Figures[][] = stages.map(() => []);
  for (let round = 0; round < 3; round += 1) {
    for (const [index, stage] of stages.entries()) {
      measured[index]?.push(await measure(END_TO_END, stage, events));
    }
  }
  return measured.map(medians);
}

/**
 * Publishes, waits until all is settled, and looks whether it is right. Throws when an event was refused, lost, sent
 * twice, not signed right, or not settled as succeeded.
 */
export async function measure(
  plan: Pick<ThroughputPlan, 'endpoints' | 'batch' | 'connections' | 'bytes' | 'behaviour'>,
  stage: Stage,
  events: number,
): Promise<Figures> {
  const { engine, receiver, generator } = stage;
  const paths = Array.from({ length: plan.endpoints }, (_, n) => `/hook-${n}`);
  const tenant = await engine.tenant(paths.map((path) => stage.receiverUrl + path));
  await receiver.call(
    'reset',
    Object.fromEntries(tenant.subscriptions.map(({ path, secret }) => [path, { ...plan.behaviour, secret }])),
  );
  const expected = events * plan.endpoints;
  engine.forgetPeakMemory();
  const before = engine.costs();
  const { batch, connections, bytes } = plan;
  const { url, key, space } = tenant;
  const load = { url, key, space, events, batch, connections, ...(bytes && { bytes }) };
  const publishing = generator.call('publish', load);
  const stopProgress = reportProgress(stage, expected);
  const published = await publishing.finally(() => expected === 0 && stopProgress());
  if (published.accepted !== events) {
    throw new Error(
      `${events - published.accepted} events were refused: ${JSON.stringify(published.refused)}`,
    );
  }
  const arrived = await receiver.call('received', { count: expected, timeoutMs: DRAIN_MS });
  const settled = await engine.settled(tenant.spaceId, DRAIN_MS);
  stopProgress();
  const after = engine.costs();
  const reports = await receiver.call('report', undefined);
  checkDelivered(Object.values(reports), expected, arrived, settled.statuses);

  const publishSeconds = (published.endedAt - published.startedAt) / 1_000;
  const seconds = expected === 0 ? publishSeconds : (settled.at - published.startedAt) / 1_000;
  const lastAt = Math.max(0, ...Object.values(reports).map((report) => report.lastAt));
  return {
    'events/s': events / seconds,
    'acknowledged/s': events / publishSeconds,
    ...(expected > 0 && {
      'deliveries/s': expected / seconds,
      'arrivals/s': (expected * 1_000) / (lastAt - published.startedAt),
    }),
    'answer p50 ms': published.answer.p50,
    'answer p99 ms': published.answer.p99,
    ...cpuFigures(before, after, expected || events),
    ...tlsFigures(Object.values(reports)),
    'node MB': engine.peakNodeMemory(),
    'postgres MB': after.postgres.memoryMb,
    seconds: seconds,
  };
}

/** Of receivers with TLS. */
function tlsFigures(reports: PathReport[]): Figures {
  const secured = reports.reduce((sum, report) => sum + report.secured, 0);
  if (secured === 0) return {};
  const resumed = reports.reduce((sum, report) => sum + report.resumed, 0);
  return { 'tls connections': secured, 'resumed connections': resumed };
}

function checkDelivered(
  reports: { requests: number; duplicates: number; verified: number; unverified: number }[],
  expected: number,
  arrived: number,
  statuses: Record<string, number>,
): void {
  const sum = (name: 'duplicates' | 'verified' | 'unverified') =>
    reports.reduce((total, report) => total + report[name], 0);
  const problems = [
    arrived !== expected && `${arrived} requests came, not ${expected}`,
    sum('duplicates') > 0 && `${sum('duplicates')} came twice`,
    sum('unverified') > 0 && `${sum('unverified')} signatures were wrong`,
    expected > 0 && sum('verified') === 0 && 'no signature was verified',
    (statuses.succeeded ?? 0) !== expected && `deliveries are ${JSON.stringify(statuses)}`,
  ].filter(Boolean);
  if (problems.length > 0) throw new Error(problems.join('; '));
}

function reportProgress(stage: Stage, expected: number): () => void {
  if (expected === 0) return () => undefined;
  const timer = setInterval(() => {
    void stage.receiver.call('count', undefined).then((count) => {
      stage.progress(`${count} of ${expected} delivered`);
    });
  }, 1_000);
  return () => clearInterval(timer);
}
