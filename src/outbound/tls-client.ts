import { LRUCache } from 'lru-cache';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import type { SocketOptions } from './tcp-client.js';

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
}

/** Options of a new socket, or a socket that is open already. */
type Carrier = SocketOptions | { socket: Socket };

const MAX_SESSIONS = 1_000;

/** Makes connections secure. */
export class TlsClient {
  private readonly context: tls.SecureContext;
  private readonly sessions = new LRUCache<string, Buffer>({ max: MAX_SESSIONS });

  constructor({ extraCa = [], minVersion }: TlsOptions) {
    // One context for all connections: reading the certificates takes milliseconds.
    this.context = tls.createSecureContext({
      ...(extraCa.length > 0 && { ca: [...defaultRoots(), ...extraCa] }),
      ...(minVersion && { minVersion }),
    });
  }

  /** Starts the handshake; the socket emits `secureConnect`. */
  connect(target: TlsTarget, carrier: Carrier): tls.TLSSocket {
    const { hostname } = target;
    const key = `${hostname}:${target.port}`;
    const socket = tls.connect({
      ...carrier,
      // A name is sent to the server and must be in its certificate; without a name, the address must be.
      servername: isIP(hostname) === 0 ? hostname : '',
      // Over a proxy's socket Node would check the certificate for `localhost`.
      ...('socket' in carrier && { host: hostname }),
      secureContext: this.context,
      ALPNProtocols: ['http/1.1'],
      session: this.sessions.get(key),
    });
    // A resumed session saves a round trip and the receiver's CPU. Node offers one only after the certificate was valid.
    socket.on('session', (session) => this.sessions.set(key, session));
    return socket;
  }
}

/** Those that Node trusts, with `NODE_EXTRA_CA_CERTS` where it can tell (22.15). */
function defaultRoots(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}
