import { Textarea, TextInput } from '@mantine/core';
import type { TypeDraft } from './type-draft.js';

interface Props {
  draft: TypeDraft;
  change: (part: Partial<TypeDraft>) => void;
  errors: Partial<Record<string, string>>;
  /** Whether it can be changed here. */
  isOwn: boolean;
  label: string;
  about?: string;
}

interface LineProps extends Props {
  name: 'name' | 'description' | 'family' | 'replacedBy';
  readOnly?: boolean;
  required?: boolean;
}

/** One line of an event type's form. */
export function Line({ draft, change, errors, isOwn, name, label, about, readOnly, required }: LineProps) {
  return (
    <TextInput
      label={label}
      description={about}
      value={draft[name]}
      error={errors[name]}
      readOnly={!isOwn || readOnly}
      required={required}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
}

interface JsonProps extends Props {
  name: 'schema' | 'example';
  /** What is wrong with the text. */
  problem: string | null;
}

/** A JSON object of it. */
export function Json({ draft, change, errors, isOwn, name, label, about, problem }: JsonProps) {
  return (
    <Textarea
      label={label}
      description={about}
      className="code-field"
      autosize
      minRows={3}
      maxRows={14}
      value={draft[name]}
      error={errors[name] ?? problem}
      readOnly={!isOwn}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  );
}
