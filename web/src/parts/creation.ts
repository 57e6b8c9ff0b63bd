import { useMutation, useQueryClient } from '@tanstack/react-query';
import { invalidate } from './action.js';
import { fieldErrors, type FieldErrors } from './field-errors.js';

/** What a dialog creates, and why it was refused, by the dialog's fields. */
export interface Creation<O, F extends string> {
  save: { mutate: () => void; isPending: boolean; error: Error | null; data: O | undefined };
  errors: FieldErrors<F>;
}

/**
 * Creates something. Afterwards everything shown that depends on it is asked for again: the queries whose key starts
 * with one of `touches`. `fields` has the dialog's fields, each with its path in what is sent.
 */
export function useCreation<O, F extends string>(
  create: () => Promise<O>,
  { touches, fields, after }: { touches: string[]; fields: Record<F, string>; after?: (created: O) => void },
): Creation<O, F> {
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: create,
    onSuccess: async (created: O) => {
      await invalidate(queries, touches);
      after?.(created);
    },
  });
  return { save, errors: fieldErrors(save.error, fields) };
}
