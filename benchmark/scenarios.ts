import type { Scenario } from './scenario.js';
import { backlog } from './scenarios/backlog.js';
import { afterOutage, badEndpoints, broadcast, noisyNeighbour } from './scenarios/fairness.js';
import { growth, week } from './scenarios/growth.js';
import { manySpaces } from './scenarios/many-spaces.js';
import { overload } from './scenarios/overload.js';
import { payloads } from './scenarios/payloads.js';
import { rates } from './scenarios/rates.js';
import { rests } from './scenarios/rest.js';
import { scale } from './scenarios/scale.js';
import { start } from './scenarios/start.js';
import { latencyFromIdle, latencyAtRate } from './scenarios/latency.js';
import { END_TO_END, throughput } from './scenarios/throughput.js';
import { tls } from './scenarios/tls.js';
import { wides } from './scenarios/wide.js';

/** Everything that can be played, in this order. The targets are those of the project, on two cores. */
export const scenarios: readonly Scenario[] = [
  throughput({
    name: 'end-to-end',
    about: 'batches of 100 events, one endpoint: published, delivered, settled',
    ...END_TO_END,
    targets: { ratio: { atLeast: 0.4 }, 'cpu s/10k': { atMost: 3 }, 'node MB': { atMost: 300 } },
  }),
  throughput({
    name: 'fan-out',
    about: 'the same with ten endpoints for every event',
    endpoints: 10,
    batch: 100,
    connections: 8,
    targets: { ratio: { atLeast: 0.45 } },
  }),
  throughput({
    name: 'single-unsubscribed',
    about: 'one event a request over 64 connections, nobody subscribed',
    endpoints: 0,
    batch: 1,
    connections: 64,
    targets: { 'acknowledged/s': { atLeast: 4_000 } },
  }),
  throughput({
    name: 'single',
    about: 'one event a request over 64 connections, one endpoint',
    endpoints: 1,
    batch: 1,
    connections: 64,
    targets: { 'acknowledged/s': { atLeast: 2_000 }, 'deliveries/s': { atLeast: 2_000 } },
  }),
  latencyAtRate(200),
  latencyFromIdle,
  ...rates,
  ...rests,
  start,
  overload,
  ...payloads,
  tls,
  ...wides,
  manySpaces,
  backlog,
  badEndpoints,
  noisyNeighbour,
  broadcast,
  afterOutage,
  growth,
  week,
  scale,
];
