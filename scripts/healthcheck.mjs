// The image's HEALTHCHECK: asks the process in the same container, and ends with 0 when the answer is 200.
// `node scripts/healthcheck.mjs /readyz` asks for readiness instead of liveness.
import { get } from 'node:http';

const { PORT, POSTHORN_HEALTH_PORT = '', POSTHORN_ROLE } = process.env;
const isWorker = POSTHORN_ROLE === 'worker';
// Such a worker answers nobody: that it runs is all there is to see.
if (isWorker && POSTHORN_HEALTH_PORT === 'off') process.exit(0);
const ownPort = POSTHORN_HEALTH_PORT === 'off' ? '' : POSTHORN_HEALTH_PORT;
const port = ownPort || (isWorker ? '9090' : PORT || '8080');
const url = `http://127.0.0.1:${port}${process.argv[2] ?? '/healthz'}`;

function fail(reason) {
  console.error(`${url}: ${reason}`);
  process.exit(1);
}

// Shorter than the HEALTHCHECK's own limit, so that `docker inspect` shows the reason.
const request = get(url, { timeout: 4_000 }, ({ statusCode }) => {
  if (statusCode !== 200) fail(statusCode);
  process.exit(0);
});
request.on('timeout', () => fail('no answer'));
request.on('error', (error) => fail(error.code));
