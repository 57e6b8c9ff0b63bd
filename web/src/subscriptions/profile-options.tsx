import { Checkbox, TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';

type Options = Record<string, unknown>;

interface Field {
  name: string;
  label: string;
  about: string;
  kind: 'yes-no' | 'text' | 'list' | { choices: { value: string; label: string }[] };
}

/** What only subscriptions of a profile have, as docs/profiles.md says. */
const FIELDS: Record<string, Field[] | undefined> = {
  'breakcold-v2': [
    {
      name: 'objectTypes',
      label: 'Object types',
      about: 'Only events about these types, such as person. Empty: any',
      kind: 'list',
    },
  ],
  smartlead: [
    { name: 'categoryIds', label: 'Category ids', about: 'Only these categories. Empty: any', kind: 'list' },
    {
      name: 'categoryNames',
      label: 'Category names',
      about: 'Only categories with these names. Empty: any',
      kind: 'list',
    },
    {
      name: 'success',
      label: 'Success',
      about: 'Which status codes count as delivered',
      kind: {
        choices: [
          { value: '200', label: 'Only 200' },
          { value: '2xx', label: 'Any 2xx' },
        ],
      },
    },
    {
      name: 'priority',
      label: 'Priority',
      about: 'When a user-level webhook takes priority over those of clients and campaigns',
      kind: {
        choices: [
          { value: 'active', label: 'While it is active' },
          { value: 'always', label: 'Always' },
          { value: 'delivering', label: 'For events that it gets itself' },
        ],
      },
    },
    { name: 'webhookType', label: 'Webhook type', about: 'Stored only', kind: 'text' },
    { name: 'account', label: 'Account events', about: 'Gets only account events', kind: 'yes-no' },
  ],
  lemlist: [
    { name: 'zapId', label: 'Zap id', about: 'Stored only', kind: 'text' },
    {
      name: 'isFirst',
      label: 'Only the first',
      about: 'One activity of each type for each lead',
      kind: 'yes-no',
    },
  ],
};

interface Props {
  profile: string;
  value: Options;
  change: (options: Options) => void;
}

/** The options of this profile, if it has any. What is not touched stays as it is. */
export function ProfileOptions({ profile, value, change }: Props) {
  const fields = FIELDS[profile];
  if (!fields) return null;
  return (
    <div className="two" role="group" aria-label={`Options of the profile ${profile}`}>
      {fields.map((field) => (
        <OptionField
          key={field.name}
          field={field}
          value={value[field.name]}
          set={(content) => change({ ...value, [field.name]: content })}
        />
      ))}
    </div>
  );
}

interface FieldProps {
  field: Field;
  value: unknown;
  set: (content: unknown) => void;
}

function OptionField({ field: { label, about, kind }, value, set }: FieldProps) {
  const texts = { label, description: about };
  if (kind === 'yes-no') {
    return (
      <Checkbox
        {...texts}
        size="xs"
        checked={value === true}
        onChange={(e) => set(e.currentTarget.checked)}
      />
    );
  }
  if (kind === 'list') {
    return (
      <TextInput
        {...texts}
        placeholder="one, two"
        defaultValue={Array.isArray(value) ? value.join(', ') : ''}
        onChange={(e) => set(listOf(e.currentTarget.value))}
      />
    );
  }
  if (kind === 'text') {
    return (
      <TextInput
        {...texts}
        defaultValue={typeof value === 'string' ? value : ''}
        onChange={(e) => set(e.currentTarget.value.trim() || null)}
      />
    );
  }
  const [first] = kind.choices;
  return (
    <Select
      {...texts}
      data={kind.choices}
      value={typeof value === 'string' ? value : (first?.value ?? null)}
      onChange={(choice) => set(choice ?? first?.value)}
    />
  );
}

function listOf(text: string): string[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

/** Only what the options say, in one line: `success: 2xx, account: true`. */
export function optionsInWords(options: Options): string {
  return Object.entries(options)
    .filter(([, value]) => value !== null && value !== false && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `${name}: ${wordsOf(value)}`)
    .join(' · ');
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' && value !== null ? Object.values(value).join(' ') : String(value);
}
