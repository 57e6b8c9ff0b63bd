import { Button, TextInput } from '@mantine/core';
import { Clock } from 'lucide-react';
import { PopoverButton } from '../parts/popover-button.js';
import { localTime } from '../text/time.js';
import { fieldTime, momentOf, zoneName } from '../text/time-zone.js';

const AGES = [
  { label: 'Last hour', hours: 1 },
  { label: 'Last 24 hours', hours: 24 },
  { label: 'Last 7 days', hours: 168 },
];

interface Props {
  since?: string;
  until?: string;
  change: (changes: { since?: string | null; until?: string | null }) => void;
}

/** From when to when, in the zone of the page. */
export function TimeFilter({ since, until, change }: Props) {
  return (
    <PopoverButton
      position="bottom-start"
      button={{
        leftSection: <Clock size={13} />,
        className: 'time-filter',
        children: inWords(since, until),
      }}
    >
      <div className="stack stack-tight">
        <div className="row wrap">
          {AGES.map(({ label, hours }) => (
            <Button
              key={label}
              size="compact-xs"
              variant="default"
              onClick={() =>
                change({ since: new Date(Date.now() - hours * 3_600_000).toISOString(), until: null })
              }
            >
              {label}
            </Button>
          ))}
        </div>
        <TimeField label={`Since (${zoneName()})`} value={since} change={(at) => change({ since: at })} />
        <TimeField label={`Until (${zoneName()})`} value={until} change={(at) => change({ until: at })} />
      </div>
    </PopoverButton>
  );
}

function inWords(since?: string, until?: string): string {
  const [from, to] = [since, until].map((at) => (at !== undefined && isTime(at) ? localTime(at) : null));
  if (from && to) return `${from} – ${to}`;
  if (from) return `Since ${from}`;
  return to ? `Until ${to}` : 'Any time';
}

function TimeField({
  label,
  value,
  change,
}: {
  label: string;
  value?: string;
  change: (at: string | null) => void;
}) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={value !== undefined && isTime(value) ? fieldTime(value) : ''}
      onChange={({ currentTarget }) => change(momentOf(currentTarget.value))}
    />
  );
}

function isTime(text: string): boolean {
  return !Number.isNaN(Date.parse(text));
}
