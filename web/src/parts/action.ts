import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { visible } from '../text/untrusted.js';

const CLOSE = { closeButtonProps: { 'aria-label': 'Close' }, withBorder: true };

/** Says in a corner that something was done. */
export function tell(message: string): void {
  notifications.show({ message, ...CLOSE, color: 'gray', autoClose: 4_000 });
}

function tellProblem(error: Error): void {
  notifications.show({
    title: 'The action failed',
    message: visible(error.message),
    ...CLOSE,
    color: 'red',
  });
}

/** Asks again for the queries whose key starts with one of `names`. */
export async function invalidate(queries: QueryClient, names: string[]): Promise<void> {
  await Promise.all(names.map((name) => queries.invalidateQueries({ queryKey: [name] })));
}

/**
 * What a button does to the engine. Afterwards everything shown that depends on it is asked for again: the queries
 * whose key starts with one of `touches`.
 */
export function useAction<I = void, O = unknown>(
  run: (input: I) => Promise<O>,
  { touches, done, after }: { touches: string[]; done?: string; after?: (output: O) => void },
) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (output) => {
      if (done !== undefined) tell(done);
      await invalidate(queries, touches);
      after?.(output);
    },
    onError: tellProblem,
  });
}
