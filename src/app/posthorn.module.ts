import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import { moduleVariables } from '../config/module-variables.js';
import { readSettings } from '../config/read-settings.js';
import { Settings } from '../config/settings.js';
import { StartupError } from '../config/startup-error.js';
import { nearestName } from '../lib/nearest-name.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { Tracing } from '../telemetry/tracing.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { DispatcherModule } from '../dispatcher/dispatcher.module.js';
import { storage } from './storage.js';
import { EventsModule, InboxModule } from '../events/events.module.js';
import { WebhookEmitter } from '../events/webhook-emitter.js';
import { dashboardFolder } from '../host/dashboard-folder.js';
import type { MakeRoot } from '../host/host-api.js';
import { HostHttpModule } from '../host/host-http.module.js';
import { checkHttpOptions, type PosthornHttpOptions } from '../host/http-options.js';
import { ApiInHostModule } from './api-in-host.module.js';
import { HostServicesModule } from '../host/host-services.module.js';
import { checkListenOptions, type PosthornListenOptions } from '../host/listen-options.js';
import { ListenModule } from '../host/listen.module.js';
import { RefusingEmitter } from '../host/refusing-emitter.js';
import { BroadcastsModule } from '../broadcasts/broadcasts.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { MetricSourcesModule } from '../system/metric-sources.module.js';
import { ProcessesModule } from '../system/processes.module.js';

/** Settings of Posthorn inside another application. The defaults are those of a separate process. */
export interface PosthornOptions {
  /** A PostgreSQL database, usually the application's own. Posthorn keeps to the schemas `posthorn` and `bullmq`. */
  databaseUrl: string;
  /** The same database without the pooler that `databaseUrl` leads to, for migrations and for what needs a session. */
  databaseDirectUrl?: string;
  /** How many database connections Posthorn opens in this process at most, the queue's included. Default 10. */
  dbPool?: number;
  /** Whether statements are prepared by name. Default `auto`: unless a pooler would lose them. */
  dbPrepared?: 'auto' | 'on' | 'off';
  /** 32-byte keys in base64 that seal secrets at rest, newest first; the same in every process. */
  encryptionKeys: string[];
  /** The queue is on this Redis or Redis Cluster (`redis+cluster://…`) when given, else in the database. */
  redisUrl?: string;
  /** Over how many queues on that Redis the jobs are spread; the same in every process. Default 1. */
  queueShards?: number;
  /** Whether endpoints may be http:// besides https://. */
  allowHttp?: boolean;
  /** CIDR blocks of private or special addresses that endpoints may live in. */
  allowTargets?: string[];
  /** A proxy through which requests to endpoints leave: `http://user:password@host:3128`, `socks5://…`. */
  egressProxy?: string;
  /** Endpoints that are reached without it: names, addresses, CIDR blocks. */
  egressNoProxy?: string[];
  /** Endpoints that are reached through it even if `egressNoProxy` has them. */
  egressAlwaysProxy?: string[];
  /** Who looks up the names of endpoints behind the proxy. Default `local`. */
  egressProxyDns?: 'local' | 'proxy';
  /** A PEM file of certificate authorities to trust besides the public ones. */
  egressCaFile?: string;
  /** The address of this machine that requests leave from; at most one of each family. */
  egressSourceAddress?: string[];
  /** The oldest version of TLS that endpoints may speak. Default 1.2. */
  egressTlsMin?: '1.2' | '1.3';
  /** Default seconds between attempts. */
  retrySchedule?: number[];
  /** Default number of consecutive failed attempts that pauses a subscription; null: never. */
  pauseAfter?: number | null;
  retentionDays?: number;
  /** Whether spaces have the built-in events of a CRM. Default `on`. */
  builtInEvents?: 'on' | 'off';
  /** Whether data of events is compared with the schemas of their types. Default `off`. */
  validation?: 'off' | 'warn' | 'enforce';
  /** How many days held deliveries wait for their subscription. */
  heldDays?: number;
  /** How many deliveries are held for one subscription at most. */
  heldMax?: number;
  /** How often to look for due deliveries without a lease, milliseconds. */
  sweepIntervalMs?: number;
  /** How long after an endpoint's timeout another worker takes over a silent worker's delivery, milliseconds. */
  leaseGraceMs?: number;
  /** The uid of the space that gets the operational events: an endpoint was paused, has recovered, and others. */
  operationalSpace?: string;
  /** Where a `posthorn` process on the same database serves the dashboard: portal links lead there. */
  publicUrl?: string;
  /** How long a closing application waits for requests in flight before it interrupts them, milliseconds. */
  shutdownGraceMs?: number;
}

/** Which part of Posthorn the application runs. */
export interface PosthornRole {
  /**
   * `publish`: this process stores events, and others deliver them. `deliver`: it delivers what others publish, and its
   * emitter refuses. Default `all`: both. The other services work in every role.
   */
  role?: 'publish' | 'deliver' | 'all';
  /** `false` means the same as role `publish`, `true` as `all`. */
  worker?: boolean;
}

/** What the module adds to the application besides its services. */
export interface PosthornInHost extends PosthornRole {
  /** The API and the dashboard in the application, for its signed-in customers. Without it there are no routes. */
  http?: PosthornHttpOptions;
  /** Which of the events of `@nestjs/event-emitter` are published, too. */
  listen?: PosthornListenOptions;
}

/** Options that depend on other providers of the application. */
export interface PosthornAsyncOptions extends PosthornInHost {
  imports?: ModuleMetadata['imports'];
  /** The providers that `useFactory` gets. */
  inject?: FactoryProvider['inject'];
  useFactory: (...injected: never[]) => PosthornOptions | Promise<PosthornOptions>;
}

/**
 * Posthorn inside another NestJS application: it migrates its schema at boot, gives every module `WebhookEmitter`
 * and the services that manage spaces, subscriptions and event types, and stops with the application. It has no
 * guards, filters, pipes or interceptors, so the application's own stay as they are, and routes only where `http` asks
 * for them. Import it once, in the
 * root module, and call `app.enableShutdownHooks()` or `app.close()`.
 */
@Module({})
export class PosthornModule {
  /** Throws `StartupError` when the options are wrong; the boot fails with one when the database cannot be used. */
  static forRoot(options: PosthornOptions & PosthornInHost): DynamicModule {
    const { role, worker, http, listen, ...others } = checkOptionsObject(options);
    return assemble(ConfigModule.forRoot(toSettings(others)), { role, worker, http, listen });
  }

  /** The same with options from a factory. */
  static forRootAsync({
    role,
    worker,
    http,
    listen,
    imports = [],
    inject = [],
    useFactory,
  }: PosthornAsyncOptions): DynamicModule {
    const settings: FactoryProvider<Settings> = {
      provide: Settings,
      inject,
      useFactory: async (...injected: unknown[]) =>
        toSettings(checkOptionsObject(await useFactory(...(injected as never[])))),
    };
    const config = { module: ConfigModule, imports, providers: [settings], exports: [Settings] };
    return assemble(config, { role, worker, http, listen });
  }
}

const ROLES = ['publish', 'deliver', 'all'] as const;
type Role = (typeof ROLES)[number];

/** As callers give it. */
interface InHost {
  role: string | undefined;
  worker: boolean | undefined;
  http: PosthornHttpOptions | undefined;
  listen: PosthornListenOptions | undefined;
}

/** Throws `StartupError` for a role that there is not, or two that contradict each other. */
function roleOf({ role, worker }: Pick<InHost, 'role' | 'worker'>): Role {
  const byWorker = worker === false ? 'publish' : 'all';
  if (role === undefined) return byWorker;
  const known = ROLES.find((name) => name === role);
  if (known === undefined)
    throw new StartupError(`PosthornModule: role: ${role} is not one of ${ROLES.join(', ')}.`);
  if (worker !== undefined && worker !== (known !== 'publish'))
    throw new StartupError(`PosthornModule: worker: ${worker} contradicts role: ${known}. Leave worker out.`);
  return known;
}

/** Only modules without controllers: a host has no routes of ours, but for `http`. */
function assemble(config: DynamicModule, inHost: InHost): DynamicModule {
  const role = roleOf(inHost);
  return {
    module: PosthornModule,
    global: true,
    imports: [
      config,
      // The process's CPU and memory are the host's to show.
      TelemetryModule.forRoot(new ProcessMetrics({ ofProcess: false }), () => Tracing.ofHost()),
      ...storage(),
      MetricSourcesModule,
      ProcessesModule.forRoot('module'),
      EventsModule,
      HostServicesModule,
      ...(role === 'publish' ? [] : [DispatcherModule, InboxModule, JobsModule, BroadcastsModule]),
      ...(inHost.http === undefined ? [] : [httpModule(inHost.http, role)]),
      ...(inHost.listen === undefined ? [] : [listenModule(inHost.listen, role)]),
    ],
    providers: [role === 'deliver' ? { provide: WebhookEmitter, useClass: RefusingEmitter } : WebhookEmitter],
    exports: [WebhookEmitter, HostServicesModule, TelemetryModule],
  };
}

function httpModule(http: PosthornHttpOptions, role: Role): DynamicModule {
  const options = checkHttpOptions(http);
  const folder = dashboardFolder(options.dashboard);
  const root: MakeRoot = (settings, metrics) => ApiInHostModule.forRoot(settings, metrics, folder);
  return HostHttpModule.forRoot(options, root, role !== 'publish');
}

function listenModule(listen: PosthornListenOptions, role: Role): DynamicModule {
  if (role === 'deliver')
    throw new StartupError('PosthornModule: listen: the role deliver publishes nothing. Leave it out.');
  return ListenModule.forRoot(checkListenOptions(listen));
}

/** The environment variable of each option, which has its rule. */
const VARIABLE_OF = moduleVariables() satisfies Record<keyof PosthornOptions, string>;

/** Checked as environment variables are, so that options and variables mean the same. */
function toSettings(options: PosthornOptions): Settings {
  const problems = unknownOptions(options);
  if (!options.databaseUrl) {
    throw new StartupError([
      ...problems,
      'PosthornModule: databaseUrl: set the address of a PostgreSQL database, e.g. ' +
        'postgres://user:password@localhost:5432/app.',
    ]);
  }
  // A process without an API needs no admin key.
  const environment: Record<string, string> = { POSTHORN_ROLE: 'worker' };
  for (const [name, variable] of Object.entries(VARIABLE_OF)) {
    const value = options[name as keyof PosthornOptions];
    if (value === null && name !== 'pauseAfter')
      problems.push(`PosthornModule: ${name}: null is not allowed. Leave it out instead.`);
    else if (value !== undefined) environment[variable] = value === null ? 'never' : String(value);
  }
  try {
    const settings = readSettings(environment);
    if (problems.length === 0) return settings;
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    problems.push(...error.problems.map(asOptionProblem));
  }
  throw new StartupError(problems);
}

/** Callers may use JavaScript or read options from elsewhere, so types are checked. */
function checkOptionsObject<T>(options: T): T {
  if (typeof options === 'object' && options !== null) return options;
  throw new StartupError(
    `PosthornModule: its options are ${String(options)}. Give it an object with databaseUrl and encryptionKeys.`,
  );
}

/** One problem for each unknown option, which would otherwise be ignored. */
function unknownOptions(options: object): string[] {
  const known = Object.keys(VARIABLE_OF);
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .map(([name]) => {
      const meant = nearestName(name, known);
      const hint = meant === null ? `They are ${known.join(', ')}.` : `Did you mean ${meant}?`;
      return `PosthornModule: ${name}: there is no such option. ${hint}`;
    });
}

function asOptionProblem(problem: string): string {
  const [name] = Object.entries(VARIABLE_OF).find(([, variable]) => problem.startsWith(`${variable}:`)) ?? [];
  return name === undefined
    ? problem
    : `PosthornModule: ${name}${problem.slice(VARIABLE_OF[name as keyof PosthornOptions].length)}`;
}
