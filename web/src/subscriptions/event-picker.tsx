import { Button, Checkbox, SegmentedControl, TextInput } from '@mantine/core';
import { Search, X } from 'lucide-react';
import { useState } from 'react';
import { byFamily, wants, type EventType } from '../catalogue/event-types.js';
import { visible, Untrusted } from '../text/untrusted.js';
import './editor.css';

interface Props {
  types: EventType[];
  value: string[];
  change: (events: string[]) => void;
}

/** Which events a subscription hears: everything, or names and patterns. */
export function EventPicker({ types, value, change }: Props) {
  const all = value.includes('*');
  const matched = types.filter(({ name }) => wants(value, name)).length;
  return (
    <div className="stack stack-tight">
      <div className="row wrap">
        <SegmentedControl
          size="xs"
          aria-label="Which events"
          data={[
            { value: 'all', label: 'Everything' },
            { value: 'some', label: 'Only some' },
          ]}
          value={all ? 'all' : 'some'}
          onChange={(choice) => change(choice === 'all' ? ['*'] : [])}
        />
        <span className="quiet" role="status">
          matches {matched} of {types.length} {types.length === 1 ? 'event' : 'events'}
          {all && ', including types added later'}
        </span>
      </div>
      {!all && <Choices types={types} value={value} change={change} />}
    </div>
  );
}

function Choices({ types, value, change }: Props) {
  const [search, setSearch] = useState('');
  const found = types.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(search.toLowerCase().replace(/\.?\*$/, '')),
  );
  const toggle = (pattern: string) =>
    change(value.includes(pattern) ? value.filter((one) => one !== pattern) : [...value, pattern]);
  const pattern = search.trim().endsWith('.*') && !value.includes(search.trim()) ? search.trim() : null;
  return (
    <>
      {value.length > 0 && (
        <div className="row wrap picked" aria-label="Picked">
          {value.map((one) => (
            <button type="button" key={one} className="chip mono" title="Remove" onClick={() => toggle(one)}>
              <Untrusted>{one}</Untrusted> <X size={11} aria-label="remove" />
            </button>
          ))}
        </div>
      )}
      <div className="row">
        <TextInput
          className="grow"
          aria-label="Search events"
          placeholder="Search events, or type a pattern such as lead.*"
          leftSection={<Search size={13} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            event.preventDefault();
            if (pattern !== null) toggle(pattern);
          }}
        />
        {pattern !== null && (
          <Button variant="default" onClick={() => toggle(pattern)}>
            Add {visible(pattern)}
          </Button>
        )}
      </div>
      <div className="picker" role="group" aria-label="Events" tabIndex={0}>
        {withPatterns(byFamily(found)).map(({ family, members, pattern: shared }) => (
          <Family key={family} {...{ family, members, value, toggle }} pattern={shared} />
        ))}
        {found.length === 0 && <p className="quiet picker-none">No event type matches.</p>}
      </div>
    </>
  );
}

interface FamilyProps {
  family: string;
  members: EventType[];
  /** The pattern for all of them; null: there is none, or it is shown with another family. */
  pattern: string | null;
  value: string[];
  toggle: (pattern: string) => void;
}

function Family({ family, members, pattern, value, toggle }: FamilyProps) {
  const picked = members.filter(({ name }) => wants(value, name)).length;
  return (
    <fieldset className="family">
      <legend className="row">
        <span>
          <Untrusted>{family}</Untrusted>
        </span>
        <span className="quiet small numbers">
          {picked} / {members.length}
        </span>
        {pattern !== null && (
          <Checkbox
            size="xs"
            className="push"
            checked={value.includes(pattern)}
            onChange={() => toggle(pattern)}
            label={<code>{pattern}</code>}
          />
        )}
      </legend>
      {members.map(({ name, description }) => {
        const covered = !value.includes(name) && wants(value, name);
        return (
          <Checkbox
            key={name}
            size="xs"
            checked={covered || value.includes(name)}
            disabled={covered}
            onChange={() => toggle(name)}
            label={
              <span className="family-type">
                <code>
                  <Untrusted>{name}</Untrusted>
                </code>
                <span className="quiet small">
                  <Untrusted>{description}</Untrusted>
                </span>
              </span>
            }
          />
        );
      })}
    </fieldset>
  );
}

/** Each family with its pattern, which several families may share: it stands at the first of them. */
function withPatterns(families: [family: string, members: EventType[]][]) {
  const shown = new Set<string | null>();
  return families.map(([family, members]) => {
    const shared = patternOf(members);
    const pattern = shown.has(shared) ? null : shared;
    shown.add(shared);
    return { family, members, pattern };
  });
}

/** `lead.*` when every name of the family begins so. */
function patternOf(members: EventType[]): string | null {
  const [first] = members;
  const prefix = first?.name.split('.')[0] ?? '';
  const isShared = members.length > 1 && members.every(({ name }) => name.startsWith(`${prefix}.`));
  return isShared ? `${prefix}.*` : null;
}
