import { CloseButton, TextInput } from '@mantine/core';
import { ChevronsUpDown } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { lazyPage } from '../navigation/lazy-page.js';
import type { Choice, Props } from './select-props.js';

const SelectList = lazyPage(() => import('./select-list.js'));

/**
 * A choice from a list. Until somebody goes to it, it is a field that says what is chosen: the list, its search and
 * what places them are a fifth of what a page would have to load.
 */
export function Select<V extends string = string>(props: Props<V>) {
  const [used, setUsed] = useState<'reached' | 'opened' | null>(null);
  const byPointer = useRef(false);
  const field = (
    <Field
      {...props}
      onPointerDown={() => (byPointer.current = true)}
      onFocus={() => !byPointer.current && setUsed('reached')}
      onClick={(event) => {
        props.onClick?.(event);
        setUsed('opened');
      }}
    />
  );
  if (used === null || props.disabled) return field;
  return (
    <Suspense fallback={field}>
      <SelectList {...(props as unknown as Props)} autoFocus defaultDropdownOpened={used === 'opened'} />
    </Suspense>
  );
}

type FieldProps<V extends string> = Props<V> & { onPointerDown: () => void };

function Field<V extends string>(all: FieldProps<V>) {
  const { data, value, onChange, clearable, onPointerDown, onFocus, onClick, ...props } = all;
  const { className, label, description, error, placeholder, disabled, size, required } = props;
  const chosen = data.find((one) => one.value === value)?.label ?? '';
  return (
    <TextInput
      {...{ className, label, description, error, placeholder, disabled, size, required }}
      aria-label={props['aria-label']}
      role="combobox"
      aria-haspopup="listbox"
      aria-expanded={false}
      readOnly
      pointer
      value={chosen}
      {...{ onPointerDown, onFocus, onClick }}
      rightSectionPointerEvents={clearable && chosen !== '' ? 'all' : 'none'}
      rightSection={
        clearable && chosen !== '' ? (
          <CloseButton
            size="sm"
            aria-label={`Clear ${props['aria-label'] ?? 'the choice'}`}
            onClick={() => onChange?.(null)}
          />
        ) : (
          <ChevronsUpDown size={13} aria-hidden="true" />
        )
      }
    />
  );
}

interface FilterProps<V extends string> {
  label: string;
  /** What is shown while nothing is chosen. */
  placeholder: string;
  data: readonly Choice<V>[];
  value: string | undefined;
  /** Called with null when the choice is cleared. */
  change: (value: V | null) => void;
  searchable?: boolean;
}

/** A filter that is chosen from a list. A `value` that is not in the list counts as none. */
export function SelectFilter<V extends string>({ label, data, value, change, ...rest }: FilterProps<V>) {
  const chosen = data.find((one) => one.value === value)?.value ?? null;
  return (
    <Select
      className="filter"
      aria-label={label}
      clearable
      data={data}
      value={chosen}
      onChange={change}
      {...rest}
    />
  );
}
