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
/** Client certificates whose contexts are kept: some 100 KB each. */
const MAX_CONTEXTS = 500;

/** Makes connections secure. */
export class TlsClient {
  /** One for all connections: reading the certificates takes 50 ms, which a start does not wait for. */
  private context: tls.SecureContext | undefined;
  /** By the id of a client certificate. */
  private readonly contexts = new Lru<tls.SecureContext>(MAX_CONTEXTS);
  private readonly options: tls.SecureContextOptions;
  private readonly sessions = new Lru<Buffer>(MAX_SESSIONS);

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
    const socket = tls.connect({
      ...carrier,
      // A name is sent to the server and must be in its certificate; without a name, the address must be.
      servername: isIP(hostname) === 0 ? hostname : '',
      // Over a proxy's socket Node would check the certificate for `localhost`.
      ...('socket' in carrier && { host: hostname }),
      secureContext: this.contextOf(clientCertificate),
      ALPNProtocols: ['http/1.1'],
      session: this.sessions.get(key),
    });
    // A resumed session saves a round trip and the receiver's CPU. Node offers one only after the certificate was
    // valid.
    socket.on('session', (session) => this.sessions.set(key, session));
    return socket;
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

/** Until when the other side's certificate is valid, epoch milliseconds; null where it does not say. */
export function endOfCertificate(socket: Socket): number | null {
  const certificate = socket instanceof tls.TLSSocket ? socket.getPeerX509Certificate() : undefined;
  const end = Date.parse(certificate?.validTo ?? '');
  return Number.isNaN(end) ? null : end;
}

/** Those that Node trusts, with `NODE_EXTRA_CA_CERTS` where it can tell (22.15). */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
