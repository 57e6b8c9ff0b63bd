import { ActionIcon, Button, TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import { Plus, Trash2 } from 'lucide-react';
import { ANY_OF, needsValue, OPERATORS, type Condition } from './filter-draft.js';

interface Props {
  value: Condition[];
  change: (conditions: Condition[]) => void;
}

/** Conditions on the event's data; all must hold. */
export function FilterBuilder({ value, change }: Props) {
  const set = (index: number, part: Partial<Condition>) =>
    change(value.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <div className="stack stack-tight">
      {value.map(({ path, operator, value: operand }, index) => (
        <div className="line line-filter" key={index}>
          <TextInput
            aria-label={`Path ${index + 1}`}
            placeholder="lead.country"
            readOnly={operator === 'or'}
            value={path}
            onChange={(event) => set(index, { path: event.currentTarget.value })}
          />
          <Select
            aria-label={`Test ${index + 1}`}
            data={operator === 'or' ? [ANY_OF] : OPERATORS}
            value={operator}
            onChange={(choice) => set(index, { operator: choice ?? 'is' })}
          />
          {needsValue(operator) ? (
            <TextInput
              aria-label={`Value ${index + 1}`}
              placeholder={operator === 'in' || operator === 'notIn' ? 'FR, BE, CH' : 'FR'}
              value={operand}
              onChange={(event) => set(index, { value: event.currentTarget.value })}
            />
          ) : (
            <span />
          )}
          <ActionIcon
            aria-label={`Remove condition ${index + 1}`}
            onClick={() => change(value.filter((_, at) => at !== index))}
          >
            <Trash2 size={14} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={12} />}
          onClick={() => change([...value, { path: '', operator: 'is', value: '' }])}
        >
          Add condition
        </Button>
      </div>
    </div>
  );
}

interface HeadersProps {
  value: [string, string][];
  change: (headers: [string, string][]) => void;
}

/** Extra request headers. */
export function HeadersEditor({ value, change }: HeadersProps) {
  const set = (index: number, pair: [string, string]) =>
    change(value.map((one, at) => (at === index ? pair : one)));
  return (
    <div className="stack stack-tight">
      {value.map(([name, content], index) => (
        <div className="line line-header" key={index}>
          <TextInput
            aria-label={`Header ${index + 1}`}
            placeholder="authorization"
            value={name}
            onChange={(event) => set(index, [event.currentTarget.value, content])}
          />
          <TextInput
            aria-label={`Value of header ${index + 1}`}
            value={content}
            onChange={(event) => set(index, [name, event.currentTarget.value])}
          />
          <ActionIcon
            aria-label={`Remove header ${index + 1}`}
            onClick={() => change(value.filter((_, at) => at !== index))}
          >
            <Trash2 size={14} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={12} />}
          onClick={() => change([...value, ['', '']])}
        >
          Add header
        </Button>
      </div>
    </div>
  );
}
