import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageReader } from './http-messages.js';
import { monotonicMs } from './monotonic.js';
import { eventText } from './payload.js';
import { spread, type Spread } from './percentiles.js';
import { serve } from './process-commands.js';

/** Whom to publish to. */
export interface Target {
  /** The API's address. */
  url: string;
  /** Of all processes with an API, which get the connections in turn; default: only `url`. */
  urls?: readonly string[];
  key: string;
  space: string;
  /** Spaces that get the requests in turn instead; `key` must be valid in all. */
  spaces?: readonly string[];
}

export interface Load extends Target {
  events: number;
  /** Events in a request; 1 sends an object, more an array. */
  batch: number;
  connections: number;
  /** Events a second at even intervals; as fast as the answers come unless given. */
  rate?: number;
  /** About how long the data of an event is; as long as a lead unless given. */
  bytes?: number;
}

export interface LoadReport {
  /** Events that were answered 202. */
  accepted: number;
  /** Answers other than 202, by status. */
  refused: Record<string, number>;
  /** `monotonicMs()` of the first request and the last answer. */
  startedAt: number;
  endedAt: number;
  /** From a request to its answer, milliseconds. */
  answer: Spread;
  /** At a rate: how much later than meant requests went out, milliseconds. */
  lateness: Spread;
}

/** A keep-alive connection that has one request under way at a time. */
class Connection {
  private resolve: ((status: number) => void) | null = null;
  private reject: ((error: Error) => void) | null = null;
  private readonly head: string;

  private constructor(
    private readonly socket: Socket,
    { url, key }: Target,
  ) {
    this.head =
      `/events HTTP/1.1\r\nhost: ${new URL(url).host}\r\n` +
      `authorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: `;
    const reader = new MessageReader((head) => this.resolve?.(Number(head.slice(9, 12))));
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    socket.on('error', (error) => this.reject?.(error));
    socket.on('close', () => this.reject?.(new Error('The engine closed a connection.')));
  }

  static async open(target: Target): Promise<Connection> {
    const { hostname, port } = new URL(target.url);
    const socket = connect(Number(port), hostname);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new Connection(socket, target);
  }

  /** Gives the status. */
  send(space: string, body: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.socket.write(`POST /v1/spaces/${space}${this.head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Sends a load and counts the answers. */
class Run {
  private next = 0;
  private accepted = 0;
  private readonly refused: Record<string, number> = {};
  private readonly answers: number[] = [];
  private readonly lateness: number[] = [];
  private startedAt = 0;

  constructor(private readonly load: Load) {}

  async go(): Promise<LoadReport> {
    const { connections, rate } = this.load;
    const { urls = [this.load.url] } = this.load;
    const opening = Array.from({ length: connections }, (_, n) =>
      Connection.open({ ...this.load, url: urls[n % urls.length] ?? this.load.url }),
    );
    const opened = await Promise.all(opening);
    this.startedAt = monotonicMs();
    const loop = (each: Connection) => (rate === undefined ? this.asFastAsAnswered(each) : this.atRate(each));
    await Promise.all(opened.map(loop));
    const endedAt = monotonicMs();
    for (const connection of opened) connection.close();
    const { accepted, refused, startedAt } = this;
    const [answer, lateness] = [spread(this.answers), spread(this.lateness)];
    return { accepted, refused, startedAt, endedAt, answer, lateness };
  }

  private async asFastAsAnswered(connection: Connection): Promise<void> {
    for (;;) {
      const first = this.next;
      const count = Math.min(this.load.batch, this.load.events - first);
      if (count <= 0) return;
      this.next += count;
      await this.publish(connection, first, count, monotonicMs());
    }
  }

  /** The wait for a slow answer counts against the events that were meant to go out meanwhile. */
  private async atRate(connection: Connection): Promise<void> {
    const { batch, events, rate = 1 } = this.load;
    for (;;) {
      const first = this.next;
      const count = Math.min(batch, events - first);
      if (count <= 0) return;
      this.next += count;
      const meantAt = this.startedAt + (first * 1_000) / rate;
      const wait = meantAt - monotonicMs();
      // Node cuts the fraction off, and an event that leaves early would look fast.
      if (wait > 0) await delay(Math.ceil(wait));
      this.lateness.push(monotonicMs() - meantAt);
      await this.publish(connection, first, count, meantAt);
    }
  }

  private async publish(connection: Connection, first: number, count: number, sentAt: number): Promise<void> {
    const { space, spaces = [space] } = this.load;
    const body = requestBody(first, count, sentAt, this.load);
    const status = await connection.send(spaces[first % spaces.length] ?? space, body);
    this.answers.push(monotonicMs() - sentAt);
    if (status === 202) this.accepted += count;
    else this.refused[status] = (this.refused[status] ?? 0) + 1;
  }
}

function requestBody(first: number, count: number, sentAt: number, { batch, bytes }: Load): string {
  if (batch === 1) return eventText(first, sentAt, bytes);
  const texts: string[] = [];
  for (let n = first; n < first + count; n += 1) texts.push(eventText(n, sentAt, bytes));
  return `[${texts.join(',')}]`;
}

const commands = {
  publish: (load: Load): Promise<LoadReport> => new Run(load).go(),
};

export type GeneratorCommands = typeof commands;

serve(commands);
