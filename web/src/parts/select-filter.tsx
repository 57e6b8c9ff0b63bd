import { Select } from './select.js';
import type { Choice } from './select-props.js';

interface Props<V extends string> {
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
export function SelectFilter<V extends string>({ label, data, value, change, ...rest }: Props<V>) {
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
