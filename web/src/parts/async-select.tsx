import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { Select } from './select.js';
import type { Choice, Props as SelectProps } from './select-props.js';

interface Props extends Omit<
  SelectProps,
  'data' | 'value' | 'searchable' | 'onSearchChange' | 'searchValue' | 'filter'
> {
  /** What stands for the chosen value, which need not be among the choices; null: nothing is chosen. */
  chosen: Choice | null;
  /** The choices for a text; undefined until they are there. */
  useChoices: (q: string, opened: boolean) => Choice[] | undefined;
}

const DEBOUNCE_MS = 150;

/** A choice among more than a page can hold: the engine looks for what one types. */
export function AsyncSelect({ chosen, useChoices, ...props }: Props) {
  const [text, setText] = useState('');
  const [opened, setOpened] = useState(false);
  // What the field shows by itself is the chosen one's name, and not looked for.
  const wanted = text === (chosen?.label ?? '') ? '' : text.trim();
  const [q] = useDebouncedValue(wanted, DEBOUNCE_MS);
  const found = useChoices(q, opened);
  const choices = found ?? [];
  const isListed = chosen === null || choices.some(({ value }) => value === chosen.value);
  // With the chosen one, so that its name is shown; the search leaves it out of the list.
  const data = isListed ? choices : [chosen, ...choices];
  return (
    <Select
      {...props}
      data={data}
      searchable
      searchValue={text}
      onSearchChange={setText}
      filter={({ options }) => (q === '' || isListed ? options : options.slice(1))}
      nothingFoundMessage={found === undefined ? 'Searching…' : 'None found'}
      maxDropdownHeight={320}
      onClick={() => setOpened(true)}
      onDropdownOpen={() => setOpened(true)}
      onDropdownClose={() => setOpened(false)}
      value={chosen?.value ?? null}
    />
  );
}
