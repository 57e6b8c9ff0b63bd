import { useAttempt, type Attempt } from '@posthorn/react';
import { useMemo } from 'react';
import { BodyText } from '../text/body-text.js';
import { HeaderRows } from '../text/header-rows.js';
import { prettyJson } from '../text/pretty-json.js';
import { Untrusted } from '../text/untrusted.js';
import { useWords } from './language.js';
import { CopyButton, ErrorNote, Loading } from './parts.js';
import { reasonOf } from './reasons.js';

/** One HTTP exchange, and why it failed. */
export function AttemptPanel({ delivery, n }: { delivery: string; n: number }) {
  const words = useWords();
  const { data, error, refetch } = useAttempt(delivery, n);
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />;
  if (!data) return <Loading />;
  const reason = reasonOf(words, data);
  return (
    <div className="attempt">
      <h3>{words.text('attempt.title', { n: words.number(n) })}</h3>
      <p className={reason === null ? 'note note-good' : 'note note-bad'}>
        {reason ?? words.text('attempt.good')}
      </p>
      {data.errorDetail !== null && (
        <p className="small break">
          <span className="quiet">{words.text('attempt.detail')}: </span>
          <Untrusted>{data.errorDetail}</Untrusted>
        </p>
      )}
      <Request request={data.request} />
      <Response response={data.response} />
    </div>
  );
}

function Request({ request }: { request: Attempt['request'] }) {
  const words = useWords();
  return (
    <details>
      <summary>{words.text('attempt.request')}</summary>
      <p className="mono break">
        {request.method} <Untrusted>{request.url}</Untrusted>
      </p>
      <Headers
        of={request.headers}
        label={`${words.text('attempt.request')}: ${words.text('attempt.headers')}`}
      />
      <Body text={request.body} label={`${words.text('attempt.request')}: ${words.text('attempt.body')}`} />
    </details>
  );
}

function Response({ response }: { response: Attempt['response'] }) {
  const words = useWords();
  const title = words.text('attempt.response');
  if (response === null) return <p className="quiet">{words.text('attempt.noResponse')}</p>;
  return (
    <details open>
      <summary>
        {title} <span className="mono">{response.statusCode}</span>
      </summary>
      <Headers of={response.headers} label={`${title}: ${words.text('attempt.headers')}`} />
      {response.bodyEncoding === 'base64' && <p className="quiet small">{words.text('attempt.base64')}</p>}
      {response.bodyTruncated && <p className="quiet small">{words.text('attempt.truncated')}</p>}
      <Body text={response.body} label={`${title}: ${words.text('attempt.body')}`} />
    </details>
  );
}

function Headers({ of, label }: { of: string[][]; label: string }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={label}>
      <table className="headers">
        <HeaderRows of={of} />
      </table>
    </div>
  );
}

export function Body({ text, label }: { text: string | null; label: string }) {
  const words = useWords();
  const tokens = useMemo(() => (text === null ? null : prettyJson(text)), [text]);
  if (text === null) return <p className="quiet">{words.text('attempt.removed')}</p>;
  if (text === '') return <p className="quiet">{words.text('attempt.emptyBody')}</p>;
  return (
    <div className="body">
      <CopyButton text={text} />
      <pre tabIndex={0} role="group" aria-label={label}>
        <BodyText text={text} tokens={tokens} />
      </pre>
    </div>
  );
}
