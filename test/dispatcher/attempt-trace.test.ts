import { startAttempt } from '../../src/dispatcher/attempt/attempt-trace.js';
import type { ReadyDelivery } from '../../src/dispatcher/lease/lease.js';
import { newUuid } from '../../src/core/ids.js';
import type { Tracing } from '../../src/telemetry/tracing.js';

it.each([
  [null, 'POST'],
  [{ method: 'PUT' }, 'PUT'],
])('the span of an attempt with the format %j has the method %s', (format, method) => {
  const id = newUuid(Date.now());
  const tracing = {
    following: (_context: string, span: { attributes: Record<string, unknown> }) => span,
  } as unknown as Tracing;
  const ready = {
    delivery: { id, spaceId: id, eventId: id, subscriptionId: id, attemptCount: 1 },
    event: { trace: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    endpoint: { url: 'https://one.test/hooks', format },
  } as unknown as ReadyDelivery;
  expect(startAttempt(tracing, ready, Date.now())).toMatchObject({
    attributes: { 'http.request.method': method },
  });
});
