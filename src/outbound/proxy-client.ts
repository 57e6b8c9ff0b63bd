import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { EgressProxy } from '../core/egress-proxy.js';
import { AttemptFailure, codeOf, failureOf } from './attempt-outcome.js';
import { connectAny, interleaved } from './happy-eyeballs.js';
import { connectByHttp } from './http-connect.js';
import { ProxyHandshake } from './proxy-handshake.js';
import { endpointSilentToProxy, NotReachedByProxy, proxyUnreachable } from './proxy-failure.js';
import type { ProxyReach } from './proxy-reach.js';
import { connectBySocks5 } from './socks5.js';
import { StallAwareTimer } from './stall-aware-timer.js';
import { awaitEvent, connectPlain, LIMIT_MS, type SourceAddresses } from './tcp-client.js';
import type { TlsClient } from './tls-client.js';

/** How far a connection has come that is being opened: what it means if the time is up now. */
export interface OpeningProgress {
  /** Null: nothing but that the endpoint did not answer in time. */
  explain: (() => AttemptFailure) | null;
}

/** How long the proxy's own addresses are cached, milliseconds. */
const ADDRESSES_MS = 30_000;
/** An HTTP proxy answers when it has reached the endpoint or not. After so long, milliseconds, it is tested itself. */
const LIVENESS_AFTER_MS = 500;
const LIVENESS_LIMIT_MS = 3_000;
/** Any proxy answers at once to this, if only that it does not allow it or that nothing is there. */
const LIVENESS_TARGET = { host: '127.0.0.1', port: 1 };

/** Opens connections through the egress proxy. Its address is the operator's choice, so it is not checked. */
export class ProxyClient {
  private addresses: { until: number; found: Promise<string[]> } | null = null;
  /** When the proxy last answered anything, monotonic milliseconds. */
  private answeredAt = -Infinity;
  private liveness: Promise<void> | null = null;
  private readonly closing = new AbortController();

  constructor(
    readonly proxy: EgressProxy,
    private readonly sources: SourceAddresses,
    private readonly tls: TlsClient,
    private readonly reach: ProxyReach,
  ) {}

  /**
   * A connection to the host, an address or a name that the proxy looks up. `hostname`: the endpoint's, which may have
   * several addresses. Throws an AttemptFailure, also on abort.
   */
  async open(
    host: string,
    { hostname, port }: { hostname: string; port: number },
    signal: AbortSignal,
    progress: OpeningProgress,
  ): Promise<Socket> {
    progress.explain = () => proxyUnreachable('The egress proxy did not accept a connection in time.');
    const socket = await this.dial(signal, progress);
    const sentAt = performance.now();
    progress.explain = () => this.silenceSince(sentAt);
    const check = setTimeout(() => void this.checkLiveness(sentAt), LIVENESS_AFTER_MS);
    try {
      await this.shakeHands(socket, host, port, signal, progress);
      this.reach.reached();
      return socket;
    } catch (error) {
      if (error instanceof NotReachedByProxy) this.reach.notReached(hostname);
      throw error;
    } finally {
      clearTimeout(check);
    }
  }

  /** Stops what is under way. */
  close(): void {
    this.closing.abort();
  }

  /** Destroys the socket when it fails. */
  private async shakeHands(
    socket: Socket,
    host: string,
    port: number,
    signal: AbortSignal,
    progress: OpeningProgress,
  ): Promise<void> {
    const handshake = new ProxyHandshake(socket);
    const late: { failure: AttemptFailure | null } = { failure: null };
    const giveUp = (): void => {
      late.failure ??= progress.explain?.() ?? null;
      socket.destroy();
    };
    const timer = new StallAwareTimer(LIMIT_MS, giveUp);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    try {
      const noteAnswer = (): void => void (this.answeredAt = performance.now());
      if (this.proxy.kind === 'socks5') await connectBySocks5(handshake, this.proxy, host, port, noteAnswer);
      else await connectByHttp(handshake, this.proxy, host, port);
      noteAnswer();
      handshake.end();
    } catch (error) {
      socket.destroy();
      const failure = late.failure ?? failureOf(error);
      if (late.failure === null && failure.errorCode !== 'proxy_unreachable')
        this.answeredAt = performance.now();
      throw failure;
    } finally {
      timer.clear();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** A connection to the proxy itself, secure where it is to be. */
  private async dial(signal: AbortSignal, progress: OpeningProgress): Promise<Socket> {
    const { kind, hostname, port } = this.proxy;
    try {
      const addresses = this.sources.usable(await this.addressesOfProxy());
      const open = (address: string, given: AbortSignal): Promise<Socket> =>
        connectPlain(this.sources.optionsFor(address, port), given, unreachable);
      const { won } = await connectAny(addresses, open, signal);
      if (kind !== 'https') return won;
      const secure = this.tls.connect({ hostname, port }, { socket: won });
      await awaitEvent(secure, 'secureConnect', LIMIT_MS, signal, insecure);
      return secure;
    } catch (error) {
      if (signal.aborted) throw progress.explain?.() ?? failureOf(error);
      throw error;
    }
  }

  /** By the system's resolver: the hosts file counts, and the name is the operator's. */
  private addressesOfProxy(): Promise<string[]> {
    const { hostname } = this.proxy;
    if (isIP(hostname) !== 0) return Promise.resolve([hostname]);
    const now = performance.now();
    if (this.addresses !== null && this.addresses.until > now) return this.addresses.found;
    const found = lookup(hostname, { all: true }).then(
      (all) => interleaved(all.map(({ address }) => address)),
      (error: unknown) => {
        this.addresses = null;
        throw proxyUnreachable(`The egress proxy's host name could not be looked up (${codeOf(error)}).`);
      },
    );
    this.addresses = { until: now + ADDRESSES_MS, found };
    return found;
  }

  private silenceSince(sentAt: number): AttemptFailure {
    return this.answeredAt > sentAt
      ? endpointSilentToProxy('it has not responded yet, but responds to others')
      : proxyUnreachable('The egress proxy accepted the connection, but did not respond in time.');
  }

  /** Tests whether the proxy answers at all, unless it has since. One test at a time. */
  private checkLiveness(since: number): Promise<void> | undefined {
    if (this.answeredAt > since || this.closing.signal.aborted || this.proxy.kind === 'socks5') return;
    this.liveness ??= this.openTestTunnel().finally(() => (this.liveness = null));
    return this.liveness;
  }

  private async openTestTunnel(): Promise<void> {
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(LIVENESS_LIMIT_MS)]);
    const progress: OpeningProgress = {
      explain: () => proxyUnreachable('The egress proxy does not respond.'),
    };
    try {
      const socket = await this.dial(signal, progress);
      await this.shakeHands(socket, LIVENESS_TARGET.host, LIVENESS_TARGET.port, signal, progress);
      socket.destroy();
    } catch {
      // `shakeHands` has noted an answer, also one that refuses.
    }
  }
}

function unreachable(error: unknown): AttemptFailure {
  const failure = failureOf(error);
  // A shortage of sockets on this machine is not the proxy's fault.
  if (failure.errorCode === 'interrupted') return failure;
  return proxyUnreachable(`The egress proxy could not be reached (${codeOf(error)}).`);
}

function insecure(error: unknown): AttemptFailure {
  return proxyUnreachable(
    `The TLS connection to the egress proxy failed (${codeOf(error)}). ` +
      'If its certificate is from a CA of your own, add that to POSTHORN_EGRESS_CA_FILE.',
  );
}
