import { Counter, type Registry } from 'prom-client';
import { SumCounter } from './sum-counter.js';

/** What this process has counted since it started. */
type ProcessCounters = ReturnType<typeof createCounters>;

/** All counters, in the registry from the start. */
export function createCounters(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter<Label>({ name: `posthorn_${name}`, help, labelNames, registers: [registry] });
  const summed = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new SumCounter<Label>({ name: `posthorn_${name}`, help, labelNames, registers: [registry] });
  return {
    eventsAccepted: counter(
      'events_accepted_total',
      'Events that were accepted; those sent again with the same id count, too',
    ),
    eventsRefused: counter(
      'events_refused_total',
      'Publish requests that were refused, by the code of the response',
      ['code'],
    ),
    dataMismatches: counter(
      'event_data_mismatches_total',
      'Published events whose data did not fit the schema of their type: stored (warn), or refused (enforce)',
      ['validation'],
    ),
    attempts: summed(
      'attempts_total',
      'Attempts that were recorded, by outcome, error code and class of the response status',
      ['outcome', 'error_code', 'response_class'],
    ),
    deliveriesFinished: summed('deliveries_finished_total', 'Deliveries that ended, by outcome', ['outcome']),
    handedOver: counter('handed_over_total', 'New deliveries that this process gave to a worker elsewhere'),
    endpointPauses: counter('endpoint_pauses_total', 'Subscriptions that were paused, by reason', ['reason']),
    endpointResumes: counter('endpoint_resumes_total', 'Subscriptions that were resumed, by reason', [
      'reason',
    ]),
    probes: counter('probes_total', 'Probes of paused subscriptions, by outcome', ['outcome']),
    sweeperFound: counter(
      'sweeper_found_total',
      'Deliveries that only the sweeper found: of a lost worker, due, or held for an active subscription',
      ['kind'],
    ),
    leaseLosses: counter(
      'lease_losses_total',
      'How often other workers considered this one dead and recovered its leases',
    ),
    attemptsInterrupted: counter(
      'attempts_interrupted_total',
      "Attempts that were cut off by a stop, a crash or a network fault of Posthorn's own",
    ),
    throttled: counter(
      'throttled_total',
      'Requests that were throttled: publish and api by Posthorn (429), endpoint by the receiver ' +
        '(429, or 503 with Retry-After)',
      ['scope'],
    ),
    networkOutages: counter('network_outages_total', "How often this worker's own network seemed to be down"),
    attemptsExcused: counter(
      'attempts_excused_total',
      'Interrupted attempts that are not counted against the endpoint, by reason',
      ['reason'],
    ),
    ...createArchiveCounters(registry),
  };
}

function createArchiveCounters(registry: Registry) {
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter<Label>({ name: `posthorn_${name}`, help, labelNames, registers: [registry] });
  return {
    archivePasses: counter('archive_passes_total', 'Passes over finished days for the archive, by outcome', [
      'outcome',
    ]),
    archivedRows: counter(
      'archived_rows_total',
      'Events, deliveries and attempts that were written to the archive',
    ),
    archivedBytes: counter('archived_bytes_total', 'Compressed bytes that were written to the archive'),
  };
}

/** Shows these from the start, so that their first increment is seen as one. */
export function showZeros(counters: ProcessCounters): void {
  for (const validation of ['warn', 'enforce']) counters.dataMismatches.inc({ validation }, 0);
  for (const outcome of ['succeeded', 'failed', 'expired']) counters.deliveriesFinished.inc({ outcome }, 0);
  for (const reason of ['failures', 'gone', 'manual']) counters.endpointPauses.inc({ reason }, 0);
  for (const reason of ['probe', 'manual']) counters.endpointResumes.inc({ reason }, 0);
  for (const outcome of ['succeeded', 'failed']) counters.probes.inc({ outcome }, 0);
  for (const kind of ['reclaimed', 'missed', 'orphaned']) counters.sweeperFound.inc({ kind }, 0);
  for (const scope of ['publish', 'api', 'endpoint']) counters.throttled.inc({ scope }, 0);
  for (const outcome of ['succeeded', 'failed']) counters.archivePasses.inc({ outcome }, 0);
  for (const reason of ['stall', 'network', 'proxy']) counters.attemptsExcused.inc({ reason }, 0);
}
