import diagnostics from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Agent, type Dispatcher, type buildConnector } from 'undici';
import { compileAllowList } from '../core/address.js';
import { failureOf } from './attempt-outcome.js';
import { ConnectionGuard, type Connection } from './guarded-connection.js';
import { NameResolver } from './name-resolver.js';

export interface DoorOptions {
  /** CIDR blocks of private or special addresses that may be opened. */
  allowTargets: readonly string[];
  /** Certificates in PEM to trust besides the usual authorities. */
  extraCa?: readonly string[];
  /** Name servers instead of the system's, as `address` or `address:port`. */
  nameServers?: readonly string[];
}

/** One request on its way out. */
export interface Passenger extends Dispatcher.DispatchHandler {
  /** A connection is being opened for this request; `cancel` gives it up. */
  onConnecting(cancel: () => void): void;
  /** The request is about to be written to this connection, as its first or as a later one. */
  onConnection(connection: Connection, isFirst: boolean): void;
}

/** Where undici says which socket a request is written to. */
const SEND_HEADERS = 'undici:client:sendHeaders';

/**
 * The one way out: every socket Posthorn opens to an endpoint is opened by this agent's connector, which is the
 * address guard. It sits below redirects and pools, so nothing above can walk around it.
 */
export class Door {
  private readonly agent: Agent;
  private readonly names: NameResolver;
  private readonly guard: ConnectionGuard;
  private readonly connections = new WeakMap<Socket, { connection: Connection; isFirst: boolean }>();
  private dispatching: Passenger | null = null;
  private starting: Passenger | null = null;

  constructor(options: DoorOptions) {
    this.names = new NameResolver(options.nameServers);
    this.guard = new ConnectionGuard(
      compileAllowList(options.allowTargets),
      this.names,
      options.extraCa ?? [],
    );
    this.agent = new Agent({
      connect: this.connect,
      pipelining: 1,
      allowH2: false,
      // Shorter than the 5 s after which Node's own servers hang up. A receiver's longer hint counts up to 10 s.
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 10_000,
      keepAliveTimeoutThreshold: 1_000,
      // A connection that is never idle would never look up its name again.
      maxRequestsPerClient: 1_000,
      maxHeaderSize: 32 * 1024,
      // The attempt has one deadline, and it is the sender's.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    diagnostics.subscribe(SEND_HEADERS, this.onSendHeaders);
  }

  /** Sends a request. When it needs a new connection, undici asks for it within this call: that relates the two. */
  dispatch(request: Dispatcher.DispatchOptions, passenger: Passenger): void {
    this.dispatching = passenger;
    try {
      this.agent.dispatch(request, passenger);
    } finally {
      this.dispatching = null;
    }
  }

  /** To be called from `onRequestStart`: undici names the socket right after it, in the same breath. */
  requestStarts(passenger: Passenger): void {
    this.starting = passenger;
  }

  /** Breaks off whatever is still under way. */
  async close(): Promise<void> {
    diagnostics.unsubscribe(SEND_HEADERS, this.onSendHeaders);
    this.names.close();
    await this.agent.destroy();
  }

  private readonly onSendHeaders = (message: unknown): void => {
    // The channel is the whole process's: a socket that is not ours belongs to another client.
    const known = this.connections.get((message as { socket: Socket }).socket);
    if (known === undefined || this.starting === null) return;
    this.starting.onConnection(known.connection, known.isFirst);
    this.starting = null;
    known.isFirst = false;
  };

  private readonly connect: buildConnector.connector = ({ hostname, port, protocol }, callback) => {
    const secure = protocol === 'https:';
    const abort = new AbortController();
    this.dispatching?.onConnecting(() => abort.abort());
    this.guard.open({ hostname, port: Number(port || (secure ? 443 : 80)), secure }, abort.signal).then(
      ({ socket, connection }) => {
        this.connections.set(socket, { connection, isFirst: true });
        callback(null, socket);
      },
      // Never one of undici's own codes: for some of them it would try again and again.
      (error: unknown) => callback(failureOf(error), null),
    );
  };
}
