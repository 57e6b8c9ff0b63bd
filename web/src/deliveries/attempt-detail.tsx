import { Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { body, GET, type Schemas } from '../api/client.js';
import { BodyView } from '../parts/body-view.js';
import { CopyButton } from '../parts/copy-button.js';
import { HeaderTable } from '../parts/header-table.js';
import { Loading } from '../parts/loading.js';
import { Facts, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { inWords, Outcome } from '../parts/status.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { curlOf } from './curl.js';
import { SignatureView } from './signature-view.js';
import { Waterfall } from './waterfall.js';

type Attempt = Schemas['AttemptDetail'];

/** One HTTP exchange: what was sent, what came back, how long it took. */
export function AttemptDetail({ delivery, n }: { delivery: string; n: number }) {
  const space = useSpace();
  const attempt = useQuery({
    queryKey: ['attempt', space, delivery, n],
    queryFn: () =>
      body(
        GET('/v1/spaces/{space}/deliveries/{delivery}/attempts/{n}', {
          params: { path: { space, delivery, n } },
        }),
      ),
    staleTime: Infinity,
  });
  if (attempt.error) return <ProblemNote error={attempt.error} retry={() => void attempt.refetch()} />;
  if (!attempt.data) return <Loading />;
  return <Exchange attempt={attempt.data} />;
}

function Exchange({ attempt }: { attempt: Attempt }) {
  const { request, response } = attempt;
  const { explanation } = attempt;
  return (
    <Panel
      title={`Attempt ${attempt.n}`}
      actions={<CopyButton words label="Copy as curl" text={curlOf(request)} />}
      flush
    >
      <div className="panel-body">
        <Facts
          of={[
            ['Outcome', <Outcome key="o" statusCode={attempt.statusCode} error={attempt.errorCode} />],
            ...(explanation === null
              ? []
              : [['Why', <Untrusted key="y">{explanation}</Untrusted>] as [string, React.ReactNode]]),
            ...(attempt.errorCode === null || isPlainStatus(attempt)
              ? []
              : [['Detail', <Why key="w" attempt={attempt} />] as [string, React.ReactNode]]),
            ['Started', <Time key="s" at={attempt.startedAt} />],
            ['Made because', MADE_BECAUSE[attempt.trigger]],
            ['Connected to', attempt.addressClass ? `a ${inWords(attempt.addressClass)} address` : 'nobody'],
          ]}
        />
      </div>
      <Tabs defaultValue={response === null ? 'request' : 'response'} className="exchange">
        <Tabs.List>
          <Tabs.Tab value="response">Response</Tabs.Tab>
          <Tabs.Tab value="request">Request</Tabs.Tab>
          <Tabs.Tab value="timings">Timings</Tabs.Tab>
          <Tabs.Tab value="signature">Signature</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="response">
          {response === null ? (
            <p className="quiet flat">No response.</p>
          ) : (
            <Response response={response} n={attempt.n} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="request">
          <div className="stack">
            <p className="flat mono break">
              {request.method} <Untrusted>{request.url}</Untrusted>
            </p>
            <HeaderTable headers={request.headers} label="Request headers" />
            <BodyView
              text={request.body}
              removed={request.removed}
              name={`${attempt.deliveryId}-${attempt.n}-request`}
            />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="timings">
          <Waterfall timings={attempt.timings} />
        </Tabs.Panel>
        <Tabs.Panel value="signature">
          {request.removed ? (
            <p className="quiet flat">{request.removed.message}</p>
          ) : (
            <SignatureView request={request} />
          )}
        </Tabs.Panel>
      </Tabs>
    </Panel>
  );
}

const MADE_BECAUSE: Record<Attempt['trigger'], string> = {
  schedule: 'it was due',
  manual: 'a person asked for it',
  probe: 'it tests whether the paused endpoint is back',
};

/** Its code says only what the answer's status says already. */
function isPlainStatus({ errorCode, errorDetail }: Attempt): boolean {
  return errorDetail === null && (errorCode ?? '').startsWith('http_');
}

function Why({ attempt }: { attempt: Attempt }) {
  return (
    <>
      {inWords(attempt.errorCode)}
      {attempt.errorDetail !== null && (
        <>
          {': '}
          <Untrusted>{attempt.errorDetail}</Untrusted>
        </>
      )}
    </>
  );
}

function Response({ response, n }: { response: Schemas['ResponseView']; n: number }) {
  const notes = [
    response.bodyEncoding === 'base64' ? 'binary, shown as base64' : '',
    response.bodyTruncated ? 'truncated after 64 KiB' : '',
  ];
  return (
    <div className="stack">
      <p className="flat mono">HTTP {response.statusCode}</p>
      <HeaderTable headers={response.headers} label="Response headers" />
      <BodyView
        text={response.body}
        removed={response.removed}
        name={`attempt-${n}-response`}
        note={notes.filter(Boolean).join(', ')}
      />
    </div>
  );
}
