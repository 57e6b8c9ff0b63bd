import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A proxy in front of the database that can be cut and mended. */
export class DatabaseProxy {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private port = 0;

  constructor() {
    this.server = createServer((near) => {
      const far = connect(this.target);
      for (const socket of [near, far]) {
        this.sockets.add(socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket)));
      }
      near.pipe(far).pipe(near);
    });
  }

  private target = { host: '', port: 0 };

  readonly to = async (url: string): Promise<string> => {
    const { hostname, port } = new URL(url);
    this.target = { host: hostname, port: Number(port) };
    await this.mend();
    return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(this.port) }).href;
  };

  async mend(): Promise<void> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  cut(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
