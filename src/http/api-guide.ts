/** What `/docs` and `openapi.json` begin with. Markdown. */
export const API_GUIDE = `The outbound webhook engine. Publish an event; Posthorn delivers it, signed, to every endpoint
subscribed to it, retries, pauses what is broken, and keeps a log that answers any question about it.

## Getting started

Every request needs a key: \`Authorization: Bearer <key>\`. The operator's admin key may do everything. A key of a
space may publish (\`publish\`), read (\`read\`) or change (\`manage\`) what is in that space. Here, press
**Authorize** and paste yours; each operation has an example, and **Try it out** sends it.

A space is one of your customers; all paths below \`/v1/spaces/{space}\` are about one. Make it, then a subscription
for each of the customer's endpoints:

\`\`\`sh
export KEY=phk_… POSTHORN=http://127.0.0.1:8080

curl $POSTHORN/v1/spaces -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -d '{"name": "Acme Ltd", "uid": "acme"}'

curl $POSTHORN/v1/spaces/acme/subscriptions -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -d '{"url": "https://example.com/hooks", "events": ["lead.*"], "uid": "crm"}'
\`\`\`

Where an object has a \`uid\` of yours, paths take it as well as our id. Times are ISO 8601 in UTC. Lists give
\`data\` and \`nextCursor\`: pass it as \`cursor\` for the next page. Every answer has an \`X-Request-Id\`: the
request's own, or a new one.

## Publish

\`\`\`sh
curl $POSTHORN/v1/spaces/acme/events -H "authorization: Bearer $KEY" -H 'content-type: application/json' \\
  -d '{"type": "lead.create", "id": "signup-1", "data": {"id": "l_1", "email": "ann@example.com"}}'
\`\`\`

A **202** means that the event and its deliveries are stored. With an \`id\` of your own the request can be repeated
safely: the same id and body answer with the first event and \`duplicate: true\`. An array publishes up to 1,000
events: all, or none. \`GET …/events/{event}/routing\` says which subscriptions got an event, and why the others did
not; \`GET …/deliveries/{delivery}/attempts/{n}\` shows a request as it was sent and what came back.

## Receive

\`\`\`http
POST /hooks
content-type: application/json
webhook-id: evt_0199c2f04f3b7a52b8d1e6a3c9f70412
webhook-timestamp: 1763701234
webhook-signature: v1,mL9ekF1tuVb2v0fzVqXO2M8nQm6mWmY6s3SJ5QbyWfA=

{"type":"lead.create","timestamp":"2025-11-21T05:00:34.000Z","data":{"id":"l_1","email":"ann@example.com"}}
\`\`\`

Requests follow [Standard Webhooks](https://www.standardwebhooks.com) 1.0. Verify the bytes that came, with the
subscription's secret (\`whsec_…\`, in the answer to its creation and at \`…/secret\`), before you parse them:

\`\`\`js
import { createReceiver, expressHandler } from '@posthorn/receiver';

const webhooks = createReceiver({ secrets: process.env.WEBHOOK_SECRET });
app.post('/hooks', expressHandler(webhooks, async ({ id, type, data }) => { /* your work */ }));
\`\`\`

Answer with a 2xx within the timeout (15 seconds), and do the work afterwards. Everything else is tried again after 5
s, 30 s, 5 min, 1 h and 6 h. After ten failures in a row the subscription is paused: its deliveries are held, and one
of them is tried now and then until the endpoint is back. Delivery is at least once and in no order, so do nothing
twice for the same \`webhook-id\`.

## Errors

Errors are \`application/problem+json\` (RFC 9457). Decide by \`code\`, which never changes; \`errors\` says what is
wrong with which field.

\`\`\`json
{
  "type": "urn:posthorn:problem:validation_failed", "title": "Unprocessable Entity", "status": 422,
  "code": "validation_failed", "detail": "url: Use https://.",
  "errors": [{ "path": "url", "code": "invalid_scheme", "message": "Use https://." }]
}
\`\`\`

| status | means | do |
|---|---|---|
| 400, 404, 405, 415, 422 | the request is wrong | mend it; repeating does not help |
| 401, 403 | the key is unknown, or may not do this | use another key |
| 409, 412 | something is in the way, or has changed meanwhile | read it anew and decide |
| 413 | the body is too large | send less at once |
| 429, 503 | too much at once, or the database is away | wait for \`Retry-After\`, then repeat |
`;
