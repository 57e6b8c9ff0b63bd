/** Why a part of the answer is missing. */
export type AwayReason = 'away' | 'timeout' | 'failed';

/** A process that uses the database. */
export class SystemProcess {
  id: string;
  /** `module`: inside a host application. */
  role: 'all' | 'api' | 'worker' | 'module';
  /** Posthorn's version. */
  version: string;
  /** The machine's name. */
  host: string;
  pid: number;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** Its last report, which comes every ten seconds. ISO 8601, UTC. */
  seenAt: string;
  /** `silent`: no report for 25 s. `ended`: other workers found that it is gone. It is listed for 15 minutes. */
  state: 'alive' | 'silent' | 'ended';
  /** How far the machine's clock is ahead of the database's, milliseconds. */
  clockSkewMs: number;
  /** Whether it is the one that answers. */
  isThis: boolean;
}

/** Connections of the process that answers. */
export class SystemPool {
  open: number;
  idle: number;
  /** Statements that wait for a connection. */
  waiting: number;
  max: number;
}

/** The process that answers. */
export class SystemSelf {
  id: string;
  role: 'all' | 'api' | 'worker' | 'module';
  version: string;
  host: string;
  pid: number;
  startedAt: string;
  /** Node's version. */
  node: string;
  /** Resident memory, bytes. */
  memoryBytes: number;
  pool: SystemPool;
}

export class SystemQueue {
  backend: 'redis' | 'postgres';
  state: 'ok' | 'away' | 'timeout' | 'failed';
  /** Jobs waiting or delayed; null: unknown. */
  depth: number | null;
  /** For how long the oldest waiting job has been in the queue, seconds; null: none waits, or unknown. */
  lagSeconds: number | null;
}

/** Which counts ended at 100,000: there are more. */
export class SystemCapped {
  due: boolean;
  retrying: boolean;
  held: boolean;
}

/** Deliveries by what they wait for; each number ends at 100,000. */
export class SystemDeliveries {
  /** Due, and no worker has leased them. */
  due: number;
  /** For how long the oldest of them has been due, seconds; null: none is due. */
  oldestDueSeconds: number | null;
  /** ISO 8601, UTC. */
  oldestDueAt: string | null;
  /** Their next attempt is planned for later. */
  retrying: number;
  /** Their subscription is paused. */
  held: number;
  capped: SystemCapped;
}

export class SystemPartition {
  name: string;
  sizeBytes: number;
  /** From the database's statistics. */
  estimatedRows: number;
}

export class SystemTable {
  name: string;
  /** With indexes. */
  sizeBytes: number;
  /** From the database's statistics. */
  estimatedRows: number;
  /** Empty for a table that is not divided into days. */
  partitions: SystemPartition[];
}

export class SystemConnections {
  /** Of all processes of Posthorn. */
  posthorn: number;
  /** To this database. */
  database: number;
  /** To the whole server. */
  server: number;
  /** What the server allows. */
  allowed: number;
}

export class SystemMigrations {
  applied: number;
  /** How many this release has. */
  expected: number;
  /** Those that the schema lacks. */
  missing: string[];
  /** Those that this release does not know: the schema is of a newer one. */
  unknown: string[];
}

export class SystemDatabase {
  state: 'ok' | 'away' | 'timeout' | 'failed';
  /** The server's version; null with everything else while the database gives no answer. */
  version: string | null;
  sizeBytes: number | null;
  connections: SystemConnections | null;
  isReadOnly: boolean | null;
  /** Whether this server follows another one. */
  isStandby: boolean | null;
  /** Servers that stream from this one. */
  replicas: number | null;
  migrations: SystemMigrations | null;
  /** Largest first; null: unknown. */
  tables: SystemTable[] | null;
}

export class SystemRetention {
  days: number;
  /** The oldest day with a partition, `2031-05-10`; null: unknown. */
  oldestDay: string | null;
  /** When that day may be dropped. What is not finished stays longer. ISO 8601, UTC. */
  nextDropAt: string | null;
}

/** Replays and bulk retries. */
export class SystemJobs {
  running: number;
  waiting: number;
  /** Of those made in the last 24 hours. */
  failed: number;
}

/** An endpoint whose TLS certificate ends within 14 days, or has ended. */
export class SystemCertificate {
  /** `sub_…` */
  subscriptionId: string;
  url: string;
  /** `spc_…` */
  space: string;
  spaceName: string;
  /** As a worker last saw it. ISO 8601, UTC. */
  validTo: string;
}

/** Certificates of active subscriptions' endpoints that end within 14 days, or have ended. */
export class SystemCertificates {
  count: number;
  /** Up to 20, the soonest first. */
  soonest: SystemCertificate[];
}

/** A setting of the process that answers. */
export class SystemSetting {
  /** The environment variable. */
  name: string;
  /** Null for secrets: it is set, and its value is not shown. */
  value: string | null;
  default: string | null;
}

export class SystemWarning {
  /** @example 'process_silent' */
  code: string;
  /** One sentence. */
  message: string;
}

/** The state of all of Posthorn's processes and of what they need. */
export class SystemState {
  /** When this was read, ISO 8601, UTC. It is read again after 5 s at the earliest. */
  readAt: string;
  /** `unavailable`: the database gives no answer. `warning`: there are warnings. */
  status: 'ok' | 'warning' | 'unavailable';
  warnings: SystemWarning[];
  self: SystemSelf;
  /** Null: unknown. */
  processes: SystemProcess[] | null;
  queue: SystemQueue;
  /** Null: unknown. */
  deliveries: SystemDeliveries | null;
  database: SystemDatabase;
  retention: SystemRetention;
  /** Null: unknown. */
  jobs: SystemJobs | null;
  /** The uid of the space that gets the operational events; null: none are published. */
  operationalSpace: string | null;
  /** Null: unknown. They are no warnings: whose endpoint it is has to renew it. */
  certificates: SystemCertificates | null;
  /** Settings that differ from their defaults. */
  settings: SystemSetting[];
}
