import { connect, type Socket } from 'node:net';

/** Sends bytes as they are and gives all that came back until the server ended the connection. */
export async function exchange(url: string, ...parts: (string | Buffer)[]): Promise<string> {
  const connection = await RawConnection.open(url);
  for (const part of parts) connection.write(part);
  const text = await connection.ended;
  connection.close();
  return text;
}

/** A connection that speaks HTTP only if its user does. */
export class RawConnection {
  received = '';
  /** All that came, when the other side has said its last word. */
  readonly ended: Promise<string>;
  /** When the other side takes nothing any more, either. Only who goes on writing finds out. */
  readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => (this.received += chunk.toString('latin1')));
    // A server that has heard enough may reset the connection while we still write; what it said counts.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    this.ended = new Promise((resolve) => {
      socket.once('end', () => resolve(this.received)).once('close', () => resolve(this.received));
    });
  }

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawConnection(socket);
  }

  write(part: string | Buffer): void {
    if (this.socket.writable) this.socket.write(part);
  }

  /** Bytes that were written here and not yet taken by the other side. */
  get waiting(): number {
    return this.socket.writableLength;
  }

  get isClosed(): boolean {
    return this.socket.closed;
  }

  close(): void {
    this.socket.destroy();
  }
}
