import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { measure } from './throughput.js';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/tls');
const PLAN = { endpoints: 1, batch: 100, connections: 8 };
/** Requests of one connection where the receiver closes it: each further one needs a handshake. */
const CLOSES_AFTER = 20;

/** The same events to a receiver with TLS, in turns with one without: on kept connections, and on closed ones. */
export const tls: Scenario = {
  name: 'tls',
  about: `batches of 100 to a receiver with TLS, in turns with plain HTTP; then one that closes after ${CLOSES_AFTER}`,
  isLong: 'three times',
  targets: {
    'tls to plain': { atLeast: 0.5 },
    'closing: tls to plain': { atLeast: 0.5 },
    'closing: resumed share': { atLeast: 0.9 },
    'node MB': { atMost: 300 },
  },
  play: async (stage) => {
    const engine = await stage.startEngine({ env: { POSTHORN_EGRESS_CA_FILE: join(FIXTURES, 'ca.pem') } });
    try {
      const read = (name: string) => readFileSync(join(FIXTURES, name), 'utf8');
      const certificate = { cert: read('localhost.pem'), key: read('localhost-key.pem') };
      const secureUrl = await stage.receiver.call('startTls', certificate);
      const plain = { ...stage, engine };
      return await inTurns(plain, { ...plain, receiverUrl: secureUrl });
    } finally {
      await engine.close();
    }
  },
};

async function inTurns(plain: Stage, secure: Stage): Promise<Figures> {
  const events = plain.isQuick ? 5_000 : 20_000;
  const closing = { ...PLAN, behaviour: { closesAfter: CLOSES_AFTER } };
  for (const stage of [plain, secure]) await measure(PLAN, stage, 5_000);
  const kept = [await measure(PLAN, plain, events), await measure(PLAN, secure, events)];
  const closed = [await measure(closing, plain, events), await measure(closing, secure, events)];
  const of = (name: string) => [...kept, ...closed].map((figures) => figures[name] ?? NaN);
  const [plainRate = NaN, tlsRate = NaN, plainClosing = NaN, tlsClosing = NaN] = of('deliveries/s');
  return {
    'plain deliveries/s': plainRate,
    'tls deliveries/s': tlsRate,
    'tls to plain': tlsRate / plainRate,
    'plain cpu s/10k': of('cpu s/10k')[0] ?? NaN,
    'tls cpu s/10k': of('cpu s/10k')[1] ?? NaN,
    'closing: plain deliveries/s': plainClosing,
    'closing: tls deliveries/s': tlsClosing,
    'closing: tls to plain': tlsClosing / plainClosing,
    'closing: tls cpu s/10k': of('cpu s/10k')[3] ?? NaN,
    'closing: resumed share': (of('resumed connections')[3] ?? NaN) / (of('tls connections')[3] ?? NaN),
    'node MB': Math.max(...of('node MB')),
  };
}
