import { Modal } from '@mantine/core';
import { Form, type FormProps } from './form.js';

/** A form over the page. It is a file of its own: dialogs are loaded when one opens. */
export function FormDialog({
  title,
  close,
  size,
  ...form
}: FormProps & { title: string; close: () => void; size?: number }) {
  return (
    <Modal opened onClose={close} title={title} {...(size !== undefined && { size })}>
      <Form {...form} />
    </Modal>
  );
}
