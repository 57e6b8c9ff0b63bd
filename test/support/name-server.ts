import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

export interface NameServer {
  /** `127.0.0.1:<port>`, as resolvers take it. */
  address: string;
  /** The names asked for, one per question. */
  questions: string[];
  close(): Promise<void>;
}

const TYPE_A = 1;
const TYPE_AAAA = 28;
const CODES = { servfail: 2, 'not found': 3, refused: 5 };

/**
 * A real name server, on a free UDP port of 127.0.0.1 by default. `answer` gives a name's addresses; null means that
 * there is no such name, `silent` that no answer comes, and the others that the server fails or refuses to answer.
 */
export async function startNameServer(
  answer: (name: string, family: 4 | 6) => string[] | null | 'silent' | 'servfail' | 'refused',
  ttlSeconds = 1,
  at = { address: '127.0.0.1', port: 0 },
): Promise<NameServer> {
  const questions: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, peer) => {
    const { name, type, end } = readQuestion(query);
    questions.push(name);
    const family = type === TYPE_A ? 4 : 6;
    const given = answer(name, family);
    if (given === 'silent') return;
    const addresses = typeof given === 'string' || given === null ? [] : given;
    const code = given === null ? CODES['not found'] : typeof given === 'string' ? CODES[given] : 0;
    const fitting = addresses.filter((address) => isIPv4(address) === (family === 4));
    const records =
      type === TYPE_A || type === TYPE_AAAA ? fitting.map((a) => record(type, a, ttlSeconds)) : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code, 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records.length, 6);
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), peer.port, peer.address);
  });
  socket.bind(at.port, at.address);
  await once(socket, 'listening');
  return {
    address: `${at.address}:${socket.address().port}`,
    questions,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** A resource record for the question's own name (a pointer to byte 12), class IN. */
function record(type: number, address: string, ttlSeconds: number): Buffer {
  const data = type === TYPE_A ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  const head = Buffer.from([
    0xc0,
    12,
    0,
    type,
    0,
    1,
    0,
    0,
    ttlSeconds >> 8,
    ttlSeconds & 255,
    0,
    data.length,
  ]);
  return Buffer.concat([head, data]);
}

function ipv6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === '' ? [] : tail.split(':');
  const gap = Array<string>(8 - first.length - last.length).fill('0');
  const groups = address.includes('::') ? [...first, ...gap, ...last] : first;
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}
