import type { Schemas } from '../api/client.js';
import { BodyView } from '../parts/body-view.js';
import { HeaderTable } from '../parts/header-table.js';

/** What was signed: exactly these bytes, so that a receiver can compare with its own. */
export function SignatureView({ request }: { request: Schemas['RequestView'] }) {
  const header = (wanted: string) => request.headers.find(([name]) => name?.toLowerCase() === wanted)?.[1];
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')];
  if (id === undefined || timestamp === undefined) {
    const proofs = request.headers.filter(([name]) => /sign|hmac|secret|token|digest/i.test(name ?? ''));
    return (
      <div className="stack">
        <p className="flat quiet">
          This profile does not sign as Standard Webhooks does.{' '}
          {proofs.length > 0
            ? 'It authenticates with these headers:'
            : 'Its requests have no signature header.'}
        </p>
        {proofs.length > 0 && <HeaderTable headers={proofs} label="Proof headers" />}
      </div>
    );
  }
  return (
    <div className="stack">
      <p className="flat quiet">
        The endpoint makes an HMAC-SHA256 of the text below with its secret (the part after{' '}
        <code>whsec_</code>, decoded from base64) and compares it with <code>webhook-signature</code>. If one
        byte differs, so does the result.
      </p>
      <HeaderTable
        label="Signature headers"
        headers={request.headers.filter(([name]) => name?.toLowerCase().startsWith('webhook-'))}
      />
      <BodyView text={`${id}.${timestamp}.${request.body}`} name="signed" note="id.timestamp.body" />
    </div>
  );
}
