import { InitialSchema1763690000000 } from './1763690000000-initial-schema.js';
import { Jobs1763710000000 } from './1763710000000-jobs.js';
import { PortalLinks1763720000000 } from './1763720000000-portal-links.js';
import { Outcomes1763730000000 } from './1763730000000-outcomes.js';
import { TestReceivers1763740000000 } from './1763740000000-test-receivers.js';
import { Profiles1763800000000 } from './1763800000000-profiles.js';
import { Firsts1763810000000 } from './1763810000000-firsts.js';
import { LogIndexes1763820000000 } from './1763820000000-log-indexes.js';
import { WaitingOrder1763830000000 } from './1763830000000-waiting-order.js';
import { ResumedVersion1763840000000 } from './1763840000000-resumed-version.js';
import { InHand1763850000000 } from './1763850000000-in-hand.js';
import { EndpointHealth1763860000000 } from './1763860000000-endpoint-health.js';
import { Workers1763870000000 } from './1763870000000-workers.js';
import { Expiry1763880000000 } from './1763880000000-expiry.js';
import { ExpiredIndex1763881000000 } from './1763881000000-expired-index.js';
import { Limits1763890000000 } from './1763890000000-limits.js';
import { EndpointCredentials1763900000000 } from './1763900000000-endpoint-credentials.js';
import { TraceContext1763910000000 } from './1763910000000-trace-context.js';
import { PassTraceparent1763911000000 } from './1763911000000-pass-traceparent.js';
import { Subjects1763920000000 } from './1763920000000-subjects.js';
import { SubjectIndex1763920100000 } from './1763920100000-subject-index.js';
import { ErasedDeliveries1763921000000 } from './1763921000000-erased-deliveries.js';
import { RemovedBodies1763922000000 } from './1763922000000-removed-bodies.js';
import { Erasures1763923000000 } from './1763923000000-erasures.js';
import { Processes1763930000000 } from './1763930000000-processes.js';
import { Audit1763931000000 } from './1763931000000-audit.js';
import { Archive1763940000000 } from './1763940000000-archive.js';
import { Releases1763950000000 } from './1763950000000-releases.js';
import { SqlPublish1763960000000 } from './1763960000000-sql-publish.js';
import { InstanceEventTypes1763970000000 } from './1763970000000-instance-event-types.js';
import { DeliverAt1763980000000 } from './1763980000000-deliver-at.js';
import { EventDeliverAt1763980100000 } from './1763980100000-event-deliver-at.js';
import { RequestFormat1763980200000 } from './1763980200000-request-format.js';
import { EventTags1763982000000 } from './1763982000000-event-tags.js';
import { TypeVersions1763982010000 } from './1763982010000-type-versions.js';
import { SqlPublishTags1763982020000 } from './1763982020000-sql-publish-tags.js';
import { SpaceTags1763983000000 } from './1763983000000-space-tags.js';
import { Broadcasts1763983010000 } from './1763983010000-broadcasts.js';
import { PortalSettings1763985000000 } from './1763985000000-portal-settings.js';
import { WakeWorkers1763986500000 } from './1763986500000-wake-workers.js';
import { AttemptTrigger1763987000000 } from './1763987000000-attempt-trigger.js';
import { RecentPauses1763987100000 } from './1763987100000-recent-pauses.js';
import { JobPace1763987500000 } from './1763987500000-job-pace.js';
import { EndpointState1763987600000 } from './1763987600000-endpoint-state.js';
import { People1763996000000 } from './1763996000000-people.js';
import { EventCompression1763997000000 } from './1763997000000-event-compression.js';
import { WorkersBehind1763998000000 } from './1763998000000-workers-behind.js';
import { SqlPublishTimes1763999000000 } from './1763999000000-sql-publish-times.js';
import { InboxSpaces1763999500000 } from './1763999500000-inbox-spaces.js';

/** Every migration, in order. Explicit, so that what a release contains is read here and not found on disk. */
export const migrations = [
  InitialSchema1763690000000,
  Jobs1763710000000,
  PortalLinks1763720000000,
  Outcomes1763730000000,
  TestReceivers1763740000000,
  Profiles1763800000000,
  Firsts1763810000000,
  LogIndexes1763820000000,
  WaitingOrder1763830000000,
  ResumedVersion1763840000000,
  InHand1763850000000,
  EndpointHealth1763860000000,
  Workers1763870000000,
  Expiry1763880000000,
  ExpiredIndex1763881000000,
  Limits1763890000000,
  EndpointCredentials1763900000000,
  TraceContext1763910000000,
  PassTraceparent1763911000000,
  Subjects1763920000000,
  SubjectIndex1763920100000,
  ErasedDeliveries1763921000000,
  RemovedBodies1763922000000,
  Erasures1763923000000,
  Processes1763930000000,
  Audit1763931000000,
  Archive1763940000000,
  Releases1763950000000,
  SqlPublish1763960000000,
  InstanceEventTypes1763970000000,
  DeliverAt1763980000000,
  EventDeliverAt1763980100000,
  RequestFormat1763980200000,
  EventTags1763982000000,
  TypeVersions1763982010000,
  SqlPublishTags1763982020000,
  SpaceTags1763983000000,
  Broadcasts1763983010000,
  PortalSettings1763985000000,
  WakeWorkers1763986500000,
  AttemptTrigger1763987000000,
  RecentPauses1763987100000,
  JobPace1763987500000,
  EndpointState1763987600000,
  People1763996000000,
  EventCompression1763997000000,
  WorkersBehind1763998000000,
  SqlPublishTimes1763999000000,
  InboxSpaces1763999500000,
];
