import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { ClientCertificate } from '../core/client-certificate.js';
import { AttemptFailure } from './attempt-outcome.js';
import type { SocketOptions } from './tcp-client.js';
import { Lru } from '../lib/lru.js';

/** What every TLS connection to endpoints has. */
export interface TlsOptions {
  /** PEM certificates to trust besides Node's own. */
  extraCa?: readonly string[];
  /** Default: Node's, TLS 1.2. */
  minVersion?: 'TLSv1.2' | 'TLSv1.3';
}

interface TlsTarget {
  hostname: string;
  port: number;
  clientCertificate?: ClientCertificate | null;
}

/** Options of a new socket, or a socket that is open already. */
type Carrier = SocketOptions | { socket: Socket };

const MAX_SESSIONS = 1_000;
/** How long after its certificate was seen a session is resumed. */
const LONGEST_RESUMED_MS = 86_400_000;
/** Client certificates whose contexts are kept: some 100 KB each. */
const MAX_CONTEXTS = 500;

/** A certificate: until when it is valid, epoch milliseconds, and when it was seen, monotonic. */
interface Seen {
  until: number | null;
  at: number;
}

/** A session to resume, with the certificate of the connection on which it began. */
interface KnownSession {
  session: Buffer;
  seen: Seen;
}

/** The ends of the certificates of open connections. */
const ends = new WeakMap<Socket, number | null>();

/** Makes connections secure. */
export class TlsClient {
  /** One for all connections: reading the certificates takes 50 ms, which a start does not wait for. */
  private context: tls.SecureContext | undefined;
  /** By the id of a client certificate. */
  private readonly contexts = new Lru<tls.SecureContext>(MAX_CONTEXTS);
  private readonly options: tls.SecureContextOptions;
  private readonly sessions = new Lru<KnownSession>(MAX_SESSIONS);

  constructor({ extraCa = [], minVersion }: TlsOptions) {
    this.options = {
      ...(extraCa.length > 0 && { ca: [...defaultRoots(), ...extraCa] }),
      ...(minVersion && { minVersion }),
    };
  }

  /** Starts the handshake; the socket emits `secureConnect`. */
  connect(target: TlsTarget, carrier: Carrier): tls.TLSSocket {
    const { hostname, clientCertificate = null } = target;
    const key = `${hostname}:${target.port} ${clientCertificate?.id ?? ''}`;
    const offered = this.resumable(key);
    const socket = tls.connect({
      ...carrier,
      // A name is sent to the server and must be in its certificate; without a name, the address must be.
      servername: isIP(hostname) === 0 ? hostname : '',
      // Over a proxy's socket Node would check the certificate for `localhost`.
      ...('socket' in carrier && { host: hostname }),
      secureContext: this.contextOf(clientCertificate),
      ALPNProtocols: ['http/1.1'],
      session: offered?.session,
    });
    const seen: Seen = { until: null, at: performance.now() };
    socket.once('secureConnect', () => {
      if (socket.isSessionReused() && offered !== null) Object.assign(seen, offered.seen);
      else seen.until = readEnd(socket);
      ends.set(socket, seen.until);
    });
    // A resumed session saves a round trip and the receiver's CPU. Node offers one only after the certificate was
    // valid.
    socket.on('session', (session) => this.sessions.set(key, { session, seen }));
    return socket;
  }

  /** Not after a day: a new certificate has to be seen. */
  private resumable(key: string): KnownSession | null {
    const known = this.sessions.get(key);
    return known !== undefined && performance.now() - known.seen.at < LONGEST_RESUMED_MS ? known : null;
  }

  private contextOf(client: ClientCertificate | null): tls.SecureContext {
    if (client === null) return (this.context ??= tls.createSecureContext(this.options));
    const { id, certificate, key } = client;
    const known = this.contexts.get(id);
    if (known !== undefined) return known;
    try {
      const context = tls.createSecureContext({ ...this.options, cert: certificate, key });
      this.contexts.set(id, context);
      return context;
    } catch {
      throw new AttemptFailure('tls_error', "TLS does not accept the subscription's client certificate.");
    }
  }
}

/**
 * Until when the other side's certificate is valid, epoch milliseconds; null where it does not say. A resumed session
 * does not send it again: what was seen when the session began counts.
 */
export function endOfCertificate(socket: Socket): number | null {
  return ends.get(socket) ?? null;
}

function readEnd(socket: tls.TLSSocket): number | null {
  const end = Date.parse(socket.getPeerX509Certificate()?.validTo ?? '');
  return Number.isNaN(end) ? null : end;
}

/** Those that Node trusts, with `NODE_EXTRA_CA_CERTS` where it can tell (22.15). */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
