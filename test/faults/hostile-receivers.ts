import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { startRawReceiver } from '../support/receiver.js';

// A program: opens a port for every bad habit and prints them as one line of JSON, `{ habit: url }`.

const OK = 'HTTP/1.1 200 OK\r\n';
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const MANY = 'x'.repeat(64 * 1024);

/** Writes `text` over and over, as fast as it is read. */
function flood(socket: Socket, text: string | Buffer): void {
  const pour = () => {
    while (!socket.destroyed && socket.write(text));
  };
  socket.on('drain', pour);
  pour();
}

/** One byte of `text` every 100 ms, from its beginning again when it is over. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ''), 100);
  socket.on('close', () => clearInterval(timer));
}

const habits: Record<string, (socket: Socket) => void> = {
  'never-answers': () => undefined,
  'drips-headers': (socket) => {
    socket.write(OK);
    drip(socket, 'x-drip: 1\r\n');
  },
  'drips-body': (socket) => {
    socket.write(`${OK}content-length: 100000\r\n\r\n`);
    drip(socket, 'body');
  },
  'endless-103': (socket) => flood(socket, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(100)),
  'endless-body': (socket) => {
    socket.write(`${OK}\r\n`);
    flood(socket, MANY);
  },
  'huge-body': (socket) => {
    socket.write(`${OK}content-length: 104857600\r\n\r\n`);
    flood(socket, MANY);
  },
  'gzip-bomb': (socket) => {
    socket.write(`${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
    socket.write(bomb);
  },
  'huge-headers': (socket) => socket.write(`${OK}x-a: ${MANY}\r\n\r\n`),
  'resets-before': (socket) => socket.resetAndDestroy(),
  'resets-after': (socket) => {
    socket.write(`${OK}content-length: 10\r\n\r\n`, () => socket.resetAndDestroy());
  },
  'status-101': (socket) =>
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  'unsolicited-100': (socket) =>
    socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'),
  '204-with-body': (socket) => socket.write('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello'),
  'status-000': (socket) => socket.write('HTTP/1.1 000 Nothing\r\ncontent-length: 0\r\n\r\n'),
  'status-999': (socket) => socket.write('HTTP/1.1 999 Denied\r\ncontent-length: 0\r\n\r\n'),
};

const ports: Record<string, string> = {};
for (const [habit, script] of Object.entries(habits)) {
  const { port } = await startRawReceiver((socket) => {
    // A body may come after its headers; a connection that was kept open brings the next request.
    socket.on('data', (chunk: Buffer) => {
      if (chunk.toString('latin1', 0, 5) === 'POST ') script(socket);
    });
  }, 'connect');
  ports[habit] = `http://127.0.0.1:${port}/hook`;
}
const plain = await startRawReceiver((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
ports['plain-on-tls'] = plain.url.replace('http:', 'https:');
for (const certificate of ['expired', 'self-signed', 'elsewhere']) {
  const file = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/tls', `${name}.pem`));
  const server = createTlsServer({ cert: file(certificate), key: file(`${certificate}-key`) }, (socket) =>
    socket.end(`${OK}content-length: 0\r\n\r\n`),
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ports[`certificate-${certificate}`] = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}
console.log(JSON.stringify(ports));
