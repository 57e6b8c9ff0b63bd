import { TextInput } from '@mantine/core';
import { useState, type ReactNode } from 'react';

interface Props {
  label: string;
  placeholder?: string;
  icon?: ReactNode;
  value: string | undefined;
  /** Called with Enter and when the field is left; null: it is empty. */
  change: (text: string | null) => void;
}

/** A filter that is typed. Another `value` from outside replaces what is in it. */
export function TextFilter({ value = '', ...props }: Props) {
  return <Field key={value} value={value} {...props} />;
}

function Field({ label, placeholder = label, icon, value, change }: Props & { value: string }) {
  const [text, setText] = useState(value);
  const commit = () => text.trim() !== value && change(text.trim() || null);
  return (
    <TextInput
      className="filter"
      aria-label={label}
      placeholder={placeholder}
      data-search
      leftSection={icon}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
