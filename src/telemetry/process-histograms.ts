import { Histogram, type Registry } from 'prom-client';

const UP_TO_A_MINUTE = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** A delivery may arrive after the last retry of its schedule. */
const UP_TO_A_DAY = [...UP_TO_A_MINUTE, 300, 1_800, 7_200, 21_600, 86_400];

/** All histograms, in seconds. Those of deliveries keep an exemplar for each bucket: the id of a delivery. */
export function createHistograms(registry: Registry) {
  const registers = [registry];
  return {
    attemptDuration: new Histogram({
      name: 'posthorn_attempt_duration_seconds',
      help: 'From the start of an attempt to its response or error, DNS lookup and connecting included',
      buckets: UP_TO_A_MINUTE,
      enableExemplars: true,
      registers,
    }),
    publishToArrival: new Histogram({
      name: 'posthorn_publish_to_arrival_seconds',
      help:
        'From the publishing of an event, or its deliverAt, to its success at an endpoint, retries and pauses ' +
        'included; replays and manual retries are left out',
      buckets: UP_TO_A_DAY,
      enableExemplars: true,
      registers,
    }),
    publishDuration: new Histogram({
      name: 'posthorn_publish_duration_seconds',
      help: 'From the arrival of a publish request to its 202',
      buckets: [0.001, 0.0025, ...UP_TO_A_MINUTE],
      registers,
    }),
  };
}
