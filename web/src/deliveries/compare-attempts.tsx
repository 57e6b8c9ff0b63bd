import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { body, GET, type Schemas } from '../api/client.js';
import { DiffView } from '../parts/diff-view.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { useSpace } from '../session/space.js';
import { prettyJson } from '../text/pretty-json.js';

type Attempt = Schemas['AttemptDetail'];

/** Two attempts of a delivery: what was sent and answered differently. */
export default function CompareAttempts({ delivery, count }: { delivery: string; count: number }) {
  const space = useSpace();
  const [first, setFirst] = useState(Math.max(1, count - 1));
  const [second, setSecond] = useState(count);
  const found = useQueries({
    queries: [first, second].map((n) => ({
      queryKey: ['attempt', space, delivery, n],
      queryFn: () =>
        body(
          GET('/v1/spaces/{space}/deliveries/{delivery}/attempts/{n}', {
            params: { path: { space, delivery, n } },
          }),
        ),
      staleTime: Infinity,
    })),
  });
  const error = found.find((one) => one.error)?.error;
  const [a, b] = found.map(({ data }) => data);
  const numbers = Array.from({ length: count }, (_none, index) => ({
    value: String(index + 1),
    label: `Attempt ${index + 1}`,
  }));
  const choice = (label: string, value: number, set: (n: number) => void) => (
    <Select
      aria-label={label}
      data={numbers}
      value={String(value)}
      onChange={(n) => n !== null && set(Number(n))}
    />
  );
  return (
    <Panel
      title="Compare"
      actions={
        <>
          {choice('First attempt', first, setFirst)}
          {choice('Second attempt', second, setSecond)}
        </>
      }
    >
      {error && <ProblemNote error={error} />}
      {!error && !(a && b) && <Loading />}
      {a && b && (
        <div className="stack stack-tight">
          <DiffView label="Outcome" before={outcome(a)} after={outcome(b)} />
          <DiffView label="Request" before={requestText(a)} after={requestText(b)} />
          <DiffView label="Answer" before={answerText(a)} after={answerText(b)} />
        </div>
      )}
    </Panel>
  );
}

function outcome({ statusCode, errorCode, errorDetail, explanation, timings }: Attempt): string {
  return [
    statusCode === null ? 'no answer' : `HTTP ${statusCode}`,
    errorCode ?? 'delivered',
    errorDetail ?? '',
    explanation ?? '',
    timings.total === null ? '' : `${Math.round(timings.total)} ms`,
  ]
    .filter(Boolean)
    .join('\n');
}

function requestText({ request }: Attempt): string {
  return [`${request.method} ${request.url}`, ...headerLines(request.headers), '', pretty(request.body)].join(
    '\n',
  );
}

function answerText({ response }: Attempt): string {
  if (!response) return 'none';
  return [`HTTP ${response.statusCode}`, ...headerLines(response.headers), '', pretty(response.body)].join(
    '\n',
  );
}

function headerLines(headers: string[][]): string[] {
  return headers.map(([name = '', value = '']) => `${name}: ${value}`);
}

function pretty(text: string | null): string {
  const tokens = text === null ? null : prettyJson(text);
  return tokens?.map((token) => token.text).join('') ?? text ?? '';
}
