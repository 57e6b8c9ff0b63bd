import { ApiError, body, DELETE, GET, PUT, type Schemas } from '../api/client.js';
import { useSpaceIfAny } from '../session/space.js';

export type TypeInput = Schemas['PutEventType'];
type EventType = Schemas['EventTypeReply'];

/** Null: there is none of this name, or it can be none. */
function orNull(call: Promise<{ data?: EventType }>): Promise<EventType | null> {
  return body(call).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  });
}

/** How an event type is written and removed: of this space, or of all spaces. */
export function useTypeCalls(of: 'space' | 'instance') {
  const space = useSpaceIfAny() ?? '';
  if (of === 'instance')
    return {
      find: (name: string) => orNull(GET('/v1/event-types/{name}', { params: { path: { name } } })),
      put: (name: string, input: TypeInput, force: boolean) =>
        body(
          PUT('/v1/event-types/{name}', {
            params: { path: { name }, ...(force && { query: { force: 'true' as const } }) },
            body: input,
          }),
        ),
      remove: (name: string) => DELETE('/v1/event-types/{name}', { params: { path: { name } } }),
    };
  return {
    find: (name: string) =>
      orNull(GET('/v1/spaces/{space}/event-types/{name}', { params: { path: { space, name } } })),
    put: (name: string, input: TypeInput, force: boolean) =>
      body(
        PUT('/v1/spaces/{space}/event-types/{name}', {
          params: { path: { space, name }, ...(force && { query: { force: 'true' as const } }) },
          body: input,
        }),
      ),
    remove: (name: string) =>
      DELETE('/v1/spaces/{space}/event-types/{name}', { params: { path: { space, name } } }),
  };
}
