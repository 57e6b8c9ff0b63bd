import type { Socket } from 'node:net';
import { proxyError, proxyUnreachable } from './proxy-failure.js';

/** Bytes that a proxy may send before the tunnel is open. */
const MAX_BYTES = 16 * 1024;

/** The exchange with a proxy before a connection through it is open. */
export class ProxyHandshake {
  private received: Buffer = Buffer.alloc(0);
  private isOver = false;
  private onChange: () => void = () => undefined;

  constructor(private readonly socket: Socket) {
    socket.on('data', this.onData);
    socket.on('close', this.onClose);
    socket.on('end', this.onClose);
  }

  write(bytes: Buffer | string): void {
    this.socket.write(bytes);
  }

  /** The next bytes, as many as `lengthOf` wants; it gives null while it cannot know. Throws an AttemptFailure. */
  async read(lengthOf: (received: Buffer) => number | null): Promise<Buffer> {
    for (;;) {
      const length = lengthOf(this.received);
      if (length !== null && length <= this.received.length) {
        const bytes = this.received.subarray(0, length);
        this.received = this.received.subarray(length);
        return bytes;
      }
      if (this.received.length > MAX_BYTES) throw proxyError("The egress proxy's response is too long.");
      if (this.isOver) throw proxyUnreachable('The egress proxy closed the connection before it responded.');
      await new Promise<void>((resolve) => (this.onChange = resolve));
    }
  }

  /** The tunnel is open: what comes from now on is the endpoint's. */
  end(): void {
    this.socket.pause();
    this.socket.off('data', this.onData).off('close', this.onClose).off('end', this.onClose);
    if (this.received.length > 0) this.socket.unshift(this.received);
  }

  private readonly onData = (bytes: Buffer): void => {
    this.received = Buffer.concat([this.received, bytes]);
    this.onChange();
  };

  private readonly onClose = (): void => {
    this.isOver = true;
    this.onChange();
  };
}
