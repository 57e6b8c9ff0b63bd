import { Button, Textarea } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useMutation } from '@tanstack/react-query';
import { body, POST, type Schemas } from '../api/client.js';
import { BodyView } from '../parts/body-view.js';
import { HeaderTable } from '../parts/header-table.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { Untrusted } from '../text/untrusted.js';
import { canBeForm, requestOf, type BodyFormat, type RequestDraft } from './request-draft.js';

const METHODS = (['POST', 'PUT', 'PATCH'] as const).map((value) => ({ value, label: value }));

interface Props {
  value: RequestDraft;
  change: (part: Partial<RequestDraft>) => void;
  issue: (path: string) => string | undefined;
  /** An event type that the subscription names, for the preview. */
  type: string | undefined;
  /** The versions that it gets event types in. */
  versions: Schemas['NewSubscription']['eventTypeVersions'];
}

const FORMATS: { value: BodyFormat; label: string }[] = [
  { value: 'envelope', label: 'Envelope: type, timestamp, data' },
  { value: 'data', label: 'Only the data, as published' },
  { value: 'template', label: 'Template (JSONata)' },
  { value: 'slack', label: 'Slack message' },
  { value: 'teams', label: 'Teams message' },
  { value: 'discord', label: 'Discord message' },
];

/** What a request looks like, with a preview before it is saved. */
export function RequestFields({ value, change, issue, type, versions }: Props) {
  return (
    <>
      <Select
        label="Body"
        data={FORMATS}
        allowDeselect={false}
        value={value.format}
        onChange={(format) => format && change({ format })}
        error={value.format === 'template' ? undefined : issue('body')}
      />
      {value.format === 'template' && (
        <Textarea
          label="Template"
          description="A JSONata expression over id, type, timestamp and data"
          placeholder={'{"text": type & ": " & data.name}'}
          autosize
          minRows={3}
          maxRows={16}
          maxLength={16_384}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mono)' } }}
          value={value.template}
          onChange={(event) => change({ template: event.currentTarget.value })}
          error={issue('body')}
        />
      )}
      <div className="two">
        <Select
          label="Content type"
          data={[
            { value: 'json', label: 'JSON' },
            { value: 'form', label: 'Form (URL-encoded)' },
          ]}
          allowDeselect={false}
          disabled={!canBeForm(value)}
          value={canBeForm(value) ? value.contentType : 'json'}
          onChange={(contentType) => contentType && change({ contentType: contentType })}
          error={issue('contentType')}
        />
        <Select
          label="Method"
          data={METHODS}
          allowDeselect={false}
          value={value.method}
          onChange={(method) => method && change({ method: method })}
          error={issue('method')}
        />
      </div>
      <Preview value={value} type={type} versions={versions} />
    </>
  );
}

function Preview({ value, type, versions }: Pick<Props, 'value' | 'type' | 'versions'>) {
  const space = useSpace();
  const preview = useMutation({
    mutationFn: () =>
      body(
        POST('/v1/spaces/{space}/preview', {
          params: { path: { space } },
          body: {
            ...requestOf(value),
            ...(type !== undefined && { type }),
            ...(versions && { eventTypeVersions: versions }),
          },
        }),
      ),
  });
  return (
    <div className="stack stack-tight">
      <div className="row wrap">
        <Button variant="default" loading={preview.isPending} onClick={() => preview.mutate()}>
          Preview the request
        </Button>
        <span className="quiet small">Uses the example of an event type. Nothing is sent.</span>
      </div>
      {preview.error && <ProblemNote error={preview.error} />}
      {preview.data && <Shown request={preview.data} />}
    </div>
  );
}

function Shown({ request }: { request: Schemas['PreviewView'] }) {
  return (
    <section aria-label="Preview of the request" className="stack stack-tight">
      <p className="quiet small flat">
        {request.method}, for <Untrusted>{request.type}</Untrusted>
      </p>
      <HeaderTable headers={request.headers} label="Headers of the preview" />
      <BodyView text={request.body} name="preview" />
    </section>
  );
}
