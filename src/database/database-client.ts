import pg from 'pg';
import { ConnectionLost, isServerResponse, requiresNewLookup } from './connection-lost.js';
import type { ServerKind } from './pooler.js';
import type { ServerWatch } from './server-watch.js';
import { markOutcomeUnknown } from './unknown-outcome.js';

/** What every statement and transaction may take unless a caller says otherwise, milliseconds. */
export interface ClientLimits {
  statementMs: number;
  transactionMs: number;
}

/** Whether statements may be prepared by name; `auto`: where they are found again. */
export type Prepared = 'auto' | 'on' | 'off';

export interface WatchedConfig extends pg.ClientConfig {
  watch: ServerWatch;
  limits: ClientLimits;
  /** Server settings of its session; behind a pooler, of its transactions. */
  session: Record<string, string | number>;
  prepared: Prepared;
  /** Whether it is the one that finds out what is there, and has to take it as it comes. */
  isProbe?: boolean;
}

const CONNECT_MS = 10_000;
/** How long closing a connection may take before its socket is destroyed, milliseconds. */
const CLOSE_MS = 1_000;

interface Wait {
  since: number;
  limit: number;
}

type Done = (error: Error | null | undefined, ...rest: unknown[]) => void;

/** A connection that does not wait for ever: `ServerWatch` ends it when it is dead or a limit is passed. */
export class DatabaseClient extends pg.Client {
  /** Its time limits. They may be changed for a connection that is used for something longer. */
  limits: ClientLimits;
  /** Whether it leads to a pooler: what it leaves in its session may be met by others. */
  isPooled = false;
  private readonly watch: ServerWatch;
  private readonly session: Record<string, string | number>;
  private readonly prepared: Prepared;
  private readonly isProbe: boolean;
  private usesNames = true;
  /** What follows each BEGIN behind a pooler. */
  private setLocal = '';
  /** The statements that wait for a response. Only the first has been sent. */
  private readonly waits: Wait[] = [];
  private receivedBytes = 0;
  private receivedAt = 0;
  private transactionStartedAt = 0;
  private suspicions = 0;
  private isStandby = false;
  private isBroken = false;

  constructor(config: WatchedConfig) {
    super(config);
    this.watch = config.watch;
    this.limits = config.limits;
    this.session = config.session;
    this.prepared = config.prepared;
    this.isProbe = config.isProbe ?? false;
    // The first listener: a broken connection never ends the process, and its error says that the outcome is unknown.
    this.on('error', (error) => {
      if (this.waits.length > 0) markOutcomeUnknown(error);
    });
  }

  /** Whether it must not go back to its pool. */
  get isUnusable(): boolean {
    return this.isBroken;
  }

  get isWaiting(): boolean {
    return this.waits.length > 0;
  }

  get isBusy(): boolean {
    return this.waits.length > 0 || this.isInTransaction;
  }

  get silentSince(): number {
    return Math.max(this.waits[0]?.since ?? 0, this.receivedAt);
  }

  get bytesReceived(): number {
    return this.receivedBytes;
  }

  /** The id of the server's process for this connection; -1 where a pooler hides it. */
  get backendPid(): number | null {
    return this.isPooled ? -1 : (this as unknown as { processID: number | null }).processID;
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: ((error: Error) => void) | ((error: null, client: pg.Client) => void)): void;
  override connect(callback?: unknown): Promise<pg.Client> | void {
    if (typeof callback === 'function') {
      this.open(callback as Done);
      return;
    }
    return new Promise((resolve, reject) => {
      this.open((error) => {
        if (error) reject(error);
        else resolve(this);
      });
    });
  }

  override query(...args: never[]): never {
    const [config] = args as unknown[];
    // A cursor or a stream takes as long as its reader, so it has no limit.
    if (typeof (config as { submit?: unknown } | null)?.submit === 'function') return this.send(args);
    const { text = config, limitMs } = (config ?? {}) as { text?: unknown; limitMs?: number };
    const list: unknown[] = args;
    if (typeof text === 'string' && /^(?:BEGIN|START)\b/i.test(text)) {
      this.transactionStartedAt = this.watch.now;
      if (this.isPooled && typeof config === 'string') list[0] = `${config}${this.setLocal}`;
    }
    if (!this.usesNames && (config as { name?: unknown } | null)?.name !== undefined)
      list[0] = { ...(config as object), name: undefined };
    this.startWaiting(limitMs ?? this.limits.statementMs);
    const at = list.findLastIndex((arg) => typeof arg === 'function');
    if (at >= 0) {
      const callback = list[at] as Done;
      const done: Done = (error, ...rest) => {
        this.onResponse(error);
        callback(error, ...rest);
      };
      return this.send(list.with(at, done) as never[]);
    }
    const result = this.send(args) as Promise<unknown>;
    result.then(
      () => this.onResponse(null),
      (error: unknown) => this.onResponse(error as Error),
    );
    return result as never;
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    setTimeout(() => this.connection.stream.destroy(), CLOSE_MS).unref();
    return callback ? super.end(callback) : super.end();
  }

  /** Whether data has arrived since the last call. */
  noteActivity(now: number): boolean {
    const { bytesRead = 0 } = this.connection.stream as { bytesRead?: number };
    if (bytesRead === this.receivedBytes) return false;
    this.receivedBytes = bytesRead;
    this.receivedAt = now;
    this.suspicions = 0;
    return true;
  }

  /** The reason when something has taken too long; else null. */
  overdueReason(now: number): string | null {
    const [wait] = this.waits;
    if (wait && now - wait.since >= wait.limit)
      return `The database did not respond within ${wait.limit} ms.`;
    if (this.isInTransaction && now - this.transactionStartedAt >= this.limits.transactionMs)
      return `A transaction took longer than ${this.limits.transactionMs} ms.`;
    return null;
  }

  /**
   * To be called when the server says that it is not working for this connection. The first time, a statement may
   * have been on its way, so only the second time ends the connection.
   */
  suspect(): void {
    this.suspicions += 1;
    if (this.suspicions > 1) this.terminate('The connection to the database was lost.');
  }

  /** Destroys the connection. Waiting statements fail with this reason. */
  terminate(reason: string): void {
    this.isBroken = true;
    this.connection.stream.destroy(new ConnectionLost(reason));
  }

  private get isInTransaction(): boolean {
    const status = this.getTransactionStatus();
    return status === 'T' || status === 'E';
  }

  private open(callback: Done): void {
    if (this.isProbe) this.openAt(callback);
    else
      this.watch.kind().then((kind) => {
        this.adapt(kind);
        this.openAt(callback);
      }, callback);
  }

  /** A pooler refuses startup parameters, and settings of a session would apply to its next user. */
  private adapt({ isPooled, keepsNames }: ServerKind): void {
    this.isPooled = isPooled;
    this.usesNames = this.prepared === 'on' || (this.prepared === 'auto' && keepsNames);
    const { connectionParameters } = this as unknown as { connectionParameters: { options?: string } };
    const session = Object.entries(this.session);
    if (isPooled) this.setLocal = session.map(([name, value]) => `; SET LOCAL ${name} = ${value}`).join('');
    else if (session.length > 0) {
      const own = session.map(([name, value]) => `-c ${name}=${value}`).join(' ');
      connectionParameters.options = [own, connectionParameters.options].filter(Boolean).join(' ');
    }
  }

  private openAt(callback: Done): void {
    const startedAt = performance.now();
    this.watch.resolveHost().then((place) => {
      if (place) {
        Object.assign(this, place);
        Object.assign((this as unknown as { connectionParameters: object }).connectionParameters, place);
      }
      if (this.watch.isPlain) for (const each of [this, this.connection]) Object.assign(each, { ssl: false });
      this.watch.add(this);
      this.startWaiting(CONNECT_MS);
      this.connection.once('end', () => this.onClosed());
      this.connection.on('parameterStatus', ({ parameterName, parameterValue }: Record<string, string>) => {
        if (parameterName === 'in_hot_standby') this.isStandby = parameterValue === 'on';
      });
      super.connect((error: Error | null) => {
        this.waits.shift();
        const problem = error ?? this.readOnlyError();
        if (problem) {
          this.watch.onRefused(problem);
          this.connection.stream.destroy();
          this.watch.forgetHost();
        } else this.watch.connected(performance.now() - startedAt);
        callback(problem);
      });
    }, callback);
  }

  /** For a server that was the primary when it was chosen. */
  private readOnlyError(): Error | null {
    return this.isStandby && this.watch.address.isWritable
      ? new ConnectionLost('The database server no longer accepts writes.')
      : null;
  }

  private send(args: never[]): never {
    return super.query(...(args as unknown as [string])) as never;
  }

  private startWaiting(limit: number): void {
    this.waits.push({ since: this.watch.now, limit });
    this.watch.startSweeping();
  }

  private onResponse(error: Error | null | undefined): void {
    this.waits.shift();
    const [next] = this.waits;
    if (next) next.since = this.watch.now;
    this.suspicions = 0;
    if (error) this.onError(error);
  }

  private onError(error: Error): void {
    const { code, message } = error as { code?: string; message: string };
    const wasSent = !message.includes('is not queryable');
    // A server that is being stopped, or a pooler that has lost it, may have committed without a response.
    if (wasSent && (!isServerResponse(error) || /^(57P0[12]|08...)$/.test(code ?? '')))
      markOutcomeUnknown(error);
    if (code === '53100') this.watch.diskFullAt = performance.now();
    if (!requiresNewLookup(error)) return;
    this.isBroken = true;
    if (code === '25006') setImmediate(() => this.watch.onReadOnly());
    // After the caller has got the error.
    setImmediate(() => this.connection.stream.destroy());
  }

  private onClosed(): void {
    this.waits.length = 0;
    this.watch.remove(this);
    if (!(this as unknown as { _ending: boolean })._ending) this.watch.forgetHost();
  }
}
