import { wants, type EventType } from '../catalogue/event-types.js';
import { Select } from '../parts/select.js';
import { visible } from '../text/untrusted.js';
import type { Subscription } from './subscriptions.js';

type Pins = Subscription['eventTypeVersions'];

interface Props {
  /** Those of `typesWithVersions`. */
  types: EventType[];
  value: Pins;
  change: (pins: Pins) => void;
  issue: (path: string) => string | undefined;
}

const PUBLISHED = { value: '', label: 'as it is published' };

/** The types that a choice can be made for: wanted ones with versions, and those with a choice. */
export function typesWithVersions(types: EventType[], events: string[], value: Pins): EventType[] {
  return types.filter(
    ({ name, versions }) => versions !== undefined && (wants(events, name) || value?.[name] !== undefined),
  );
}

/** The version in which a subscription gets each event type that has several. */
export function VersionFields({ types, value, change, issue }: Props) {
  const set = (name: string, version: string | null) => {
    const { [name]: _, ...others } = value ?? {};
    const pins = version ? { ...others, [name]: Number(version) } : others;
    change(Object.keys(pins).length === 0 ? null : pins);
  };
  return types.map(({ name, versions = {} }) => (
    <Select
      key={name}
      label={visible(name)}
      data={[PUBLISHED, ...choicesOf(versions)]}
      value={String(value?.[name] ?? '')}
      error={issue(`eventTypeVersions.${name}`)}
      onChange={(version) => set(name, version)}
    />
  ));
}

function choicesOf(versions: NonNullable<EventType['versions']>) {
  const all = Object.entries(versions).map(([number, { draft }]) => ({
    value: number,
    label: `version ${number}${draft ? ', a draft' : ''}`,
  }));
  return [{ value: '1', label: 'version 1' }, ...all];
}
