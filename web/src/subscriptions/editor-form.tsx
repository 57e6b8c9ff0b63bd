import { Button, Switch, TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useState, type SubmitEvent } from 'react';
import { ApiError } from '../api/client.js';
import type { EventType } from '../catalogue/event-types.js';
import { PROFILES } from '../catalogue/profiles.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';
import { problemOf, scheduleOf, type Draft } from './draft.js';
import { CredentialFields } from './credential-fields.js';
import { EventPicker } from './event-picker.js';
import { FilterBuilder, HeadersEditor } from './filter-builder.js';
import { Section } from './editor-section.js';
import { RequestSection } from './request-section.js';
import { ProfileOptions } from './profile-options.js';
import { useSpaceProfile } from '../session/space.js';
import { describeSchedule } from './schedule-text.js';
import './editor.css';

interface Props {
  start: Draft;
  types: EventType[];
  submitLabel: string;
  /** Whether the profile is shown but cannot be chosen. */
  keepsProfile?: boolean;
  save: (draft: Draft) => void;
  busy: boolean;
  error: Error | null;
}

/** Everything a subscription is made of. */
export function EditorForm({ start, types, submitLabel, keepsProfile = false, save, busy, error }: Props) {
  useFocusOnError(error);
  const [draft, setDraft] = useState(start);
  const [problem, setProblem] = useState<string | null>(null);
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const issue = (path: string) =>
    error instanceof ApiError ? error.issues.find((one) => one.path.startsWith(path))?.message : undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const found = problemOf(draft);
    setProblem(found);
    if (found === null) save(draft);
  };
  return (
    <form className="editor" onSubmit={submit} noValidate>
      <Section title="Endpoint" about="Where events are sent.">
        <TextInput
          label="URL"
          name="url"
          inputMode="url"
          placeholder="https://example.com/webhooks"
          value={draft.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
          error={issue('url')}
          data-autofocus
        />
        <div className="two">
          <TextInput
            label="Your own id"
            description="Optional: letters, digits, - and _"
            value={draft.uid}
            onChange={(event) => set({ uid: event.currentTarget.value })}
            error={issue('uid')}
          />
          <TextInput
            label="Description"
            description="For people"
            value={draft.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
            error={issue('description')}
          />
        </div>
      </Section>
      <Section title="Events" about="Which events it gets.">
        <EventPicker types={types} value={draft.events} change={(events) => set({ events })} />
      </Section>
      <Section title="Scope and filter" about="Limits these events by their scope and data.">
        <ScopeFields draft={draft} set={set} />
        <FilterBuilder value={draft.conditions} change={(conditions) => set({ conditions })} />
      </Section>
      <Section title="Headers" about="Sent with every request. Values are stored encrypted.">
        <HeadersEditor value={draft.headers} change={(headers) => set({ headers })} />
        <Switch
          label="Forward traceparent"
          description="Sends the publisher’s trace context to the endpoint"
          checked={draft.passTraceparent}
          onChange={(event) => set({ passTraceparent: event.currentTarget.checked })}
        />
      </Section>
      <RequestSection draft={draft} set={set} issue={issue} types={types} />
      <Section
        title="Credentials"
        about="How Posthorn authenticates besides signatures. Stored encrypted and never shown again."
      >
        <CredentialFields
          value={draft.credentials}
          change={(part) => set({ credentials: { ...draft.credentials, ...part } })}
          issue={issue}
        />
      </Section>
      <Section title="Delivery" about="What happens when the endpoint fails.">
        <DeliveryFields draft={draft} set={set} keepsProfile={keepsProfile} issue={issue} />
      </Section>
      {problem !== null && (
        <div className="note note-bad" role="alert">
          {problem}
        </div>
      )}
      {error && <ProblemNote error={error} />}
      <div className="row editor-foot">
        <Button type="submit" className="push" loading={busy} disabled={draft.url.trim() === ''}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

interface FieldsProps {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
}

function ScopeFields({ draft, set }: FieldsProps) {
  return (
    <div className="row wrap form-line">
      <Select
        label="Scope"
        data={[
          { value: 'space', label: 'The whole space' },
          { value: 'client', label: 'One client' },
          { value: 'campaign', label: 'One campaign' },
          ...(draft.tags ? [{ value: 'tags' as const, label: 'Events with these tags' }] : []),
        ]}
        value={draft.level}
        onChange={(level) => set({ level: level ?? 'space' })}
      />
      {draft.level === 'client' && (
        <TextInput
          label="Client id"
          value={draft.clientId}
          onChange={(event) => set({ clientId: event.currentTarget.value })}
        />
      )}
      {draft.level === 'campaign' && (
        <TextInput
          label="Campaign id"
          value={draft.campaignId}
          onChange={(event) => set({ campaignId: event.currentTarget.value })}
        />
      )}
    </div>
  );
}

interface DeliveryProps extends FieldsProps {
  keepsProfile: boolean;
  issue: (path: string) => string | undefined;
}

function PauseFields({ draft, set, keepsProfile, issue }: DeliveryProps) {
  return (
    <>
      <TextInput
        inputMode="numeric"
        label="Pause after failures in a row"
        description={keepsProfile ? '0: never' : '0: never. Empty: the server’s default'}
        value={draft.pauseAfter}
        onChange={(event) => set({ pauseAfter: event.currentTarget.value.trim() })}
      />
      <TextInput
        inputMode="numeric"
        label="…if they last at least, seconds"
        description="Avoids pausing for a short restart. Empty: 0"
        value={draft.pauseAfterSeconds}
        onChange={(event) => set({ pauseAfterSeconds: event.currentTarget.value.trim() })}
        error={issue('pauseAfterSeconds')}
      />
      <Select
        label="After the last retry"
        description="If the endpoint has accepted nothing in the meantime"
        data={[
          { value: 'fail', label: 'The delivery fails' },
          { value: 'hold', label: 'Held until it recovers' },
        ]}
        placeholder="The server’s default"
        clearable={!keepsProfile}
        value={draft.onExhausted || null}
        onChange={(onExhausted) => set({ onExhausted: onExhausted ?? '' })}
        error={issue('onExhausted')}
      />
    </>
  );
}

function HeldFields({ draft, set, issue }: DeliveryProps) {
  return (
    <>
      <TextInput
        inputMode="numeric"
        label="Keep held deliveries for, days"
        description="Empty: the server’s default"
        value={draft.heldDays}
        onChange={(event) => set({ heldDays: event.currentTarget.value.trim() })}
        error={issue('heldDays')}
      />
      <TextInput
        inputMode="numeric"
        label="Maximum of held deliveries"
        description="Beyond this, the oldest expire. Empty: the server’s default"
        value={draft.heldMax}
        onChange={(event) => set({ heldMax: event.currentTarget.value.trim() })}
        error={issue('heldMax')}
      />
    </>
  );
}

function DeliveryFields({ draft, set, keepsProfile, issue }: DeliveryProps) {
  const spaces = useSpaceProfile();
  const profile = draft.profile || (spaces ?? '');
  const schedule = scheduleOf(draft);
  return (
    <>
      <TextInput
        label="Retry schedule"
        description={
          draft.schedule.trim() === ''
            ? `Delays between attempts. “none”: a single attempt.${keepsProfile ? '' : ' Empty: the server’s default.'}`
            : schedule && describeSchedule(schedule)
        }
        error={schedule === null ? 'Write delays like “5 s, 30 s, 5 min, 1 h”.' : undefined}
        placeholder="5 s, 30 s, 5 min, 1 h, 6 h"
        value={draft.schedule}
        onChange={(event) => set({ schedule: event.currentTarget.value })}
      />
      <div className="two">
        <PauseFields draft={draft} set={set} keepsProfile={keepsProfile} issue={issue} />
        <HeldFields draft={draft} set={set} keepsProfile={keepsProfile} issue={issue} />
        <Select
          label="Recovery"
          description="How a pause ends"
          data={[
            { value: 'probe', label: 'Automatically, by probes' },
            { value: 'manual', label: 'Manually' },
          ]}
          placeholder="The profile’s"
          clearable={!keepsProfile}
          value={draft.recovery || null}
          onChange={(recovery) => set({ recovery: recovery ?? '' })}
        />
        <TextInput
          inputMode="numeric"
          label="Timeout, seconds"
          description={keepsProfile ? '1 to 30' : '1 to 30. Empty: the profile’s default'}
          value={draft.timeoutSeconds}
          onChange={(event) => set({ timeoutSeconds: event.currentTarget.value.trim() })}
        />
        <TextInput
          inputMode="numeric"
          label="Requests per second"
          description="Empty: no limit"
          value={draft.perSecond}
          onChange={(event) => set({ perSecond: event.currentTarget.value.trim() })}
        />
        <Select
          label="Profile"
          description="The format of its requests"
          placeholder="The space’s"
          clearable={!keepsProfile}
          disabled={keepsProfile}
          data={PROFILES}
          value={draft.profile || null}
          onChange={(profile) => set({ profile: profile ?? '', options: {} })}
        />
        {!keepsProfile && (
          <TextInput
            label="Secret"
            description="Empty: generated, if the profile uses one"
            autoComplete="off"
            value={draft.secret}
            onChange={(event) => set({ secret: event.currentTarget.value })}
            error={issue('secret')}
          />
        )}
      </div>
      <ProfileOptions
        key={profile}
        profile={profile}
        value={draft.options}
        change={(options) => set({ options })}
      />
      {issue('profileOptions') !== undefined && (
        <p className="ink-bad small flat" role="alert">
          {issue('profileOptions')}
        </p>
      )}
    </>
  );
}
