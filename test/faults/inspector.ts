import { WebSocket } from 'undici';
import { eventually } from '../support/condition.js';
import type { Member } from './fleet.js';

interface Message {
  id?: number;
  result?: { result?: { value?: unknown } };
}

/** A member's debugger: what no signal can do. Every member of a fleet listens for one. */
export class Inspector {
  private calls = 0;
  private readonly waiting = new Map<number, (message: Message) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      if (message.id !== undefined) this.waiting.get(message.id)?.(message);
    });
  }

  static async of(member: Member): Promise<Inspector> {
    const url = await eventually(() => /Debugger listening on (ws:\S+)/.exec(member.log())?.[1] ?? null);
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    return new Inspector(socket);
  }

  /** The value of a JavaScript expression, computed in the member. */
  async evaluate<T>(expression: string): Promise<T> {
    const message = await this.call('Runtime.evaluate', { expression, returnByValue: true });
    return message.result?.result?.value as T;
  }

  /** Bytes in use on the heap and outside it after a full collection. */
  async memory(): Promise<number> {
    await this.call('HeapProfiler.collectGarbage', {});
    return this.evaluate<number>('process.memoryUsage().heapUsed + process.memoryUsage().external');
  }

  close(): void {
    this.socket.close();
  }

  private call(method: string, params: object): Promise<Message> {
    this.calls += 1;
    const id = this.calls;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => this.waiting.set(id, resolve));
  }
}
