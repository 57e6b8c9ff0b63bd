import { Button } from '@mantine/core';
import type { ReactNode, SubmitEvent } from 'react';
import { useFocusOnError } from './focus-on-error.js';
import { ProblemNote } from './problem-note.js';

export interface FormProps {
  /** The label of the button. */
  action: string;
  /** What the button does. */
  save: { mutate: () => void; isPending: boolean; error: Error | null };
  /** An error that belongs to no field. */
  rest: Error | null;
  disabled?: boolean;
  /** Shown beside the button. */
  beside?: ReactNode;
  children: ReactNode;
}

/** Fields with a button. When the engine refuses them, the focus goes to the first field with a mistake. */
export function Form({ action, save, rest, disabled = false, beside, children }: FormProps) {
  useFocusOnError(save.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      {rest && <ProblemNote error={rest} />}
      <div className="row wrap">
        {beside}
        <Button className="push" type="submit" loading={save.isPending} disabled={disabled}>
          {action}
        </Button>
      </div>
    </form>
  );
}
