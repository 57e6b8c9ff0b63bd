import { Modal } from '@mantine/core';
import { Form, type FormProps } from './form.js';

interface Props extends Omit<FormProps, 'save' | 'rest'> {
  title: string;
  creation: { save: FormProps['save']; errors: { rest: Error | null } };
  close: () => void;
  size?: number;
}

/** A form over the page. It is a file of its own: dialogs are loaded when one opens. */
export function FormDialog({ title, creation: { save, errors }, close, size, ...form }: Props) {
  return (
    <Modal opened onClose={close} title={title} {...(size !== undefined && { size })}>
      <Form save={save} rest={errors.rest} {...form} />
    </Modal>
  );
}
