import { Select } from '@mantine/core';
import type { Props } from './select-props.js';

/** The list itself, loaded when somebody goes to its field. */
export default function SelectList(props: Props) {
  return <Select {...props} data={[...props.data]} />;
}
