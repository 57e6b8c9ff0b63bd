import { Button, TextInput } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { PopoverButton } from '../parts/popover-button.js';
import type { DeliveryFilter, FilterProps } from './deliveries.js';

const FIELDS = [
  { name: 'statusCode', label: 'Answer', hint: '503, or a class such as 5xx' },
  { name: 'error', label: 'Error code', hint: 'timeout, dns_error, tls_error, …' },
  { name: 'trigger', label: 'Trigger', hint: 'event, test, replay; manual: retried manually' },
  { name: 'slowerThan', label: 'Slowest attempt at least, ms', hint: '2000' },
  { name: 'payload', label: 'Value in the event’s data', hint: 'customer.id=42' },
  { name: 'response', label: 'Text in a response', hint: 'disk is full' },
] as const;

type Name = (typeof FIELDS)[number]['name'];

/** What has no index: the engine looks through a bounded number of deliveries for it, and says how far it looked. */
export function MoreFilters({ filter, change }: FilterProps) {
  const set = FIELDS.filter(({ name }) => filter[name] !== undefined);
  return (
    <PopoverButton
      position="bottom-start"
      width={300}
      button={{
        leftSection: <SlidersHorizontal size={13} />,
        children: set.length === 0 ? 'More' : set.map(({ label }) => label).join(', '),
      }}
    >
      <Fields key={JSON.stringify(filter)} filter={filter} change={change} />
    </PopoverButton>
  );
}

function Fields({ filter, change }: FilterProps) {
  const [draft, setDraft] = useState<DeliveryFilter>(filter);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change(Object.fromEntries(FIELDS.map(({ name }) => [name, trimmed(draft, name)])));
  };
  return (
    <form className="stack stack-tight" onSubmit={submit}>
      {FIELDS.map(({ name, label, hint }) => (
        <TextInput
          key={name}
          label={label}
          placeholder={hint}
          inputMode={name === 'slowerThan' ? 'numeric' : 'text'}
          value={draft[name] ?? ''}
          onChange={({ currentTarget }) => setDraft({ ...draft, [name]: currentTarget.value })}
        />
      ))}
      <Button type="submit">Find</Button>
    </form>
  );
}

function trimmed(draft: DeliveryFilter, name: Name): string | null {
  return draft[name]?.trim() || null;
}
