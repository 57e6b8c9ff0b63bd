import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageReader } from '../http-messages.js';
import { monotonicMs } from '../monotonic.js';
import { eventData } from '../payload.js';
import { spread, type Spread } from '../percentiles.js';
import type { PublishRequest } from './adapter.js';

export interface Load {
  events: number;
  connections: number;
  /** Events a second at even intervals; as fast as the answers come unless given. */
  rate?: number;
}

export interface LoadReport {
  accepted: number;
  /** Answers other than 2xx, by status. */
  refused: Record<string, number>;
  /** `monotonicMs()`. */
  startedAt: number;
  endedAt: number;
  /** Milliseconds. */
  answer: Spread;
}

/** Publishes one event a request over keep-alive connections. */
export async function publish(
  request: PublishRequest,
  { events, connections, rate }: Load,
): Promise<LoadReport> {
  const opened = await Promise.all(Array.from({ length: connections }, () => open(request.url)));
  const report = { accepted: 0, refused: {} as Record<string, number>, startedAt: monotonicMs() };
  const answers: number[] = [];
  let next = 0;
  const loop = async (socket: Socket) => {
    const send = sender(socket, request);
    for (let n = next; n < events; n = next) {
      next += 1;
      // Each event's time counts from when it was meant to be sent.
      const meantAt = rate === undefined ? monotonicMs() : report.startedAt + (n * 1_000) / rate;
      const wait = meantAt - monotonicMs();
      if (wait > 0) await delay(Math.ceil(wait));
      const status = await send(request.body(n, eventData(n, meantAt)));
      answers.push(monotonicMs() - meantAt);
      if (status >= 200 && status < 300) report.accepted += 1;
      else report.refused[status] = (report.refused[status] ?? 0) + 1;
    }
  };
  await Promise.all(opened.map(loop));
  const endedAt = monotonicMs();
  for (const socket of opened) socket.destroy();
  return { ...report, endedAt, answer: spread(answers) };
}

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port || 80), hostname).setNoDelay(true);
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

/** Sends a body and gives the status of the answer; one at a time. */
function sender(socket: Socket, { url, headers }: PublishRequest): (body: string) => Promise<number> {
  const { host, pathname } = new URL(url);
  const lines = Object.entries({ host, 'content-type': 'application/json', ...headers });
  const head = `POST ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}`;
  let answered: (status: number) => void = () => undefined;
  let failed: (error: Error) => void = () => undefined;
  const reader = new MessageReader((answer) => answered(Number(answer.slice(9, 12))));
  socket.on('data', (chunk: Buffer) => {
    try {
      reader.push(chunk);
    } catch (error) {
      failed(error as Error);
    }
  });
  socket.on('close', () => failed(new Error('The engine closed a connection.')));
  return (body) =>
    new Promise((resolve, reject) => {
      [answered, failed] = [resolve, reject];
      socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
}
