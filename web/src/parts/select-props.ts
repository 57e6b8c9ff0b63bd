import type { SelectProps } from '@mantine/core';

export interface Choice<V extends string = string> {
  value: V;
  label: string;
}

export interface Props<V extends string = string> extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  data: readonly Choice<V>[];
  value: V | null;
  onChange?: (value: V | null) => void;
}
