import { compileAllowList } from '../core/address.js';
import { AttemptFailure } from './attempt-outcome.js';
import { ConnectionGuard } from './guarded-connection.js';
import { Line, type Destination } from './line.js';
import { NameResolver } from './name-resolver.js';

export interface DoorOptions {
  /** CIDR blocks of private or special addresses that may be opened. */
  allowTargets: readonly string[];
  /** Certificates in PEM to trust besides the usual authorities. */
  extraCa?: readonly string[];
  /** Name servers instead of the system's, as `address` or `address:port`. */
  nameServers?: readonly string[];
}

/**
 * A burst leaves many connections idle, which would all have to be closed at the same moment. So those beyond the last `KEPT`
 * are closed earlier, a few in a turn of the event loop.
 */
const KEPT = 16;
const SURPLUS_MS = 2_000;
const TIDY_MS = 20;
/** The part of what is idle that may be closed in one turn. */
const TIDY_SHARE = 1 / 64;

/** The one way out: every socket Posthorn opens to an endpoint is opened here, behind the address guard. */
export class Door {
  private readonly names: NameResolver;
  private readonly guard: ConnectionGuard;
  private readonly lines = new Set<Line>();
  /** Open and free connections by pool, the last used at the end. */
  private readonly idle = new Map<string, Line[]>();
  /** How many these are. */
  private resting = 0;
  private tidying: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(options: DoorOptions) {
    const allow = compileAllowList(options.allowTargets);
    this.names = new NameResolver(options.nameServers);
    this.guard = new ConnectionGuard(allow, this.names, options.extraCa ?? []);
  }

  /** A line for one request: a free one, or a new one. Give it back or discard it afterwards. */
  take(destination: Destination): Line {
    if (this.isClosed) throw stopped();
    const idle = this.idle.get(destination.pool);
    for (let line = idle?.at(-1); line !== undefined; line = idle?.at(-1)) {
      this.forget(line);
      if (line.isGood(performance.now())) return line;
      this.discard(line);
    }
    return this.takeNew(destination);
  }

  /** The same, but never a free one. */
  takeNew(destination: Destination): Line {
    if (this.isClosed) throw stopped();
    const line = new Line(destination, this.guard, (gone) => this.discard(gone));
    this.lines.add(line);
    return line;
  }

  /** After a complete answer, by which the connection may serve another request for so long. */
  giveBack(line: Line, keepMs: number): void {
    if (!this.lines.has(line)) return;
    if (keepMs === 0 || !line.canCarryMore) return this.discard(line);
    line.rest(performance.now(), keepMs);
    const { pool } = line.destination;
    const idle = this.idle.get(pool);
    if (idle === undefined) this.idle.set(pool, [line]);
    else idle.push(line);
    this.resting += 1;
    this.tidying ??= setInterval(() => this.tidy(), TIDY_MS).unref();
  }

  /** After anything else: closes the connection, or gives up opening it. */
  discard(line: Line): void {
    this.forget(line);
    this.lines.delete(line);
    line.close();
  }

  /** What is free there has likely died, too: one restart or one idle limit ends all of an endpoint's connections. */
  discardIdle({ pool }: Destination): void {
    for (const line of [...(this.idle.get(pool) ?? [])]) this.discard(line);
  }

  /** Opens a connection and closes it again. Throws when none comes about. */
  async reach(destination: Destination, signal: AbortSignal): Promise<void> {
    if (this.isClosed) throw stopped();
    const { socket } = await this.guard.open({ ...destination, asksAnew: true }, signal, () => undefined);
    socket.destroy();
  }

  /** Closes all that are free. */
  closeIdle(): void {
    for (const lines of [...this.idle.values()]) for (const line of [...lines]) this.discard(line);
  }

  /** Breaks off whatever is still under way. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.tidying);
    this.names.close();
    this.idle.clear();
    for (const line of this.lines) {
      line.wake();
      line.breakOff(stopped());
    }
    this.lines.clear();
  }

  /** It is not free, or not any more. */
  private forget(line: Line): void {
    if (line.restingSince === Infinity) return;
    line.wake();
    this.resting -= 1;
    const idle = this.idle.get(line.destination.pool) ?? [];
    // Mostly the last one: it is taken.
    if (idle.at(-1) === line) idle.pop();
    else idle.splice(idle.indexOf(line), 1);
    if (idle.length === 0) this.idle.delete(line.destination.pool);
  }

  private tidy(): void {
    let surplus = Math.min(this.resting - KEPT, Math.ceil(this.resting * TIDY_SHARE));
    const now = performance.now();
    for (const line of this.lines) {
      if (line.restingSince > now - SURPLUS_MS) continue;
      if (surplus > 0 || !line.isGood(now)) this.discard(line);
      surplus -= 1;
    }
    if (this.resting > 0) return;
    clearInterval(this.tidying);
    this.tidying = undefined;
  }
}

function stopped(): AttemptFailure {
  return new AttemptFailure('interrupted', 'Posthorn stopped before an answer came.');
}
