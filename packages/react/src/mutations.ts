import type { Schemas } from '@posthorn/client';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { usePortal, type Portal } from './provider.js';
import type { Delivery, Endpoint, Secret } from './queries.js';

export type NewEndpoint = Schemas['NewSubscription'];
export type EndpointChanges = Schemas['SubscriptionChanges'];

type Kind = 'endpoints' | 'endpoint' | 'secret' | 'deliveries' | 'delivery';

/** Changes something, and then asks again for what shows it. */
function useChange<Input, Result>(
  change: (portal: Portal, space: string, input: Input) => Promise<Result>,
  touches: Kind[],
): UseMutationResult<Result, Error, Input> {
  const portal = usePortal();
  return useMutation(
    {
      mutationFn: async (input: Input) => change(portal, await portal.space(), input),
      onSuccess: () => {
        for (const kind of touches) void portal.queries.invalidateQueries({ queryKey: [kind] });
      },
    },
    portal.queries,
  );
}

/** Makes an endpoint. The answer has the secret where the link may see it. Needs the right `edit`. */
export function useCreateEndpoint() {
  return useChange<NewEndpoint, Schemas['CreatedSubscription']>(
    ({ client }, space, body) =>
      client.post('/v1/spaces/{space}/subscriptions', { params: { path: { space } }, body }),
    ['endpoints'],
  );
}

/** Changes the given fields of an endpoint. Needs the right `edit`. */
export function useUpdateEndpoint() {
  return useChange<{ endpoint: string; changes: EndpointChanges }, Endpoint>(
    ({ client }, space, { endpoint, changes }) =>
      client.patch('/v1/spaces/{space}/subscriptions/{sub}', {
        params: { path: { space, sub: endpoint } },
        body: changes,
      }),
    ['endpoints', 'endpoint'],
  );
}

/** Deletes an endpoint and cancels its open deliveries. Needs the right `edit`. */
export function useDeleteEndpoint() {
  return useChange<string, undefined>(
    async ({ client }, space, sub) => {
      await client.delete('/v1/spaces/{space}/subscriptions/{sub}', { params: { path: { space, sub } } });
      return undefined;
    },
    ['endpoints', 'deliveries'],
  );
}

/** Pauses an endpoint: its deliveries are held. Needs the right `edit`. */
export function usePauseEndpoint() {
  return useChange<string, Endpoint>(
    ({ client }, space, sub) =>
      client.post('/v1/spaces/{space}/subscriptions/{sub}/pause', { params: { path: { space, sub } } }),
    ['endpoints', 'endpoint', 'deliveries'],
  );
}

/** Resumes an endpoint, and delivers or discards what was held. Needs the right `edit`. */
export function useResumeEndpoint() {
  return useChange<{ endpoint: string; backlog?: 'deliver' | 'discard' }, Endpoint>(
    ({ client }, space, { endpoint, backlog = 'deliver' }) =>
      client.post('/v1/spaces/{space}/subscriptions/{sub}/resume', {
        params: { path: { space, sub: endpoint } },
        body: { backlog },
      }),
    ['endpoints', 'endpoint', 'deliveries'],
  );
}

/** Sends the example of an event type, by default the first that the endpoint wants. Needs the right `test`. */
export function useTestEndpoint() {
  return useChange<{ endpoint: string; type?: string }, Delivery>(
    ({ client }, space, { endpoint, type }) =>
      client.post('/v1/spaces/{space}/subscriptions/{sub}/test', {
        params: { path: { space, sub: endpoint } },
        body: type === undefined ? {} : { type },
      }),
    ['deliveries'],
  );
}

/** Rotates the secret: the new one signs, and old ones sign as well during the overlap. Needs the right `secrets`. */
export function useRotateSecret() {
  return useChange<{ endpoint: string; overlapSeconds?: number }, Secret>(
    ({ client }, space, { endpoint, overlapSeconds }) =>
      client.post('/v1/spaces/{space}/subscriptions/{sub}/secret/rotate', {
        params: { path: { space, sub: endpoint } },
        body: overlapSeconds === undefined ? ({} as Schemas['RotateInput']) : { overlapSeconds },
      }),
    ['secret', 'endpoint'],
  );
}

/** Makes another attempt now. Needs the right `retry`. */
export function useRetryDelivery() {
  return useChange<string, Delivery>(
    ({ client }, space, delivery) =>
      client.post('/v1/spaces/{space}/deliveries/{delivery}/retry', {
        params: { path: { space, delivery } },
      }),
    ['deliveries', 'delivery'],
  );
}

/** Stops a delivery that is pending or held. Needs the right `retry`. */
export function useCancelDelivery() {
  return useChange<string, Delivery>(
    ({ client }, space, delivery) =>
      client.post('/v1/spaces/{space}/deliveries/{delivery}/cancel', {
        params: { path: { space, delivery } },
      }),
    ['deliveries', 'delivery'],
  );
}
