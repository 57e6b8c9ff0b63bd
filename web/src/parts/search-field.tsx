import { TextInput } from '@mantine/core';
import { Search } from 'lucide-react';

interface Props {
  /** The name of the search, for screen readers. */
  label: string;
  /** What may be written, shown while the field is empty. */
  placeholder: string;
  value: string | undefined;
  change: (text: string) => void;
}

/** The field above a list; the key `/` leads to it. */
export function SearchField({ label, placeholder, value = '', change }: Props) {
  return (
    <TextInput
      className="filter filter-wide"
      aria-label={label}
      placeholder={placeholder}
      data-search
      leftSection={<Search size={13} />}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
