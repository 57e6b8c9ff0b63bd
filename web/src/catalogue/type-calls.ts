import { body, DELETE, PUT, type Schemas } from '../api/client.js';
import { useSpaceIfAny } from '../session/space.js';

export type TypeInput = Schemas['PutEventType'];

/** How an event type is written and removed: of this space, or of all spaces. */
export function useTypeCalls(of: 'space' | 'instance') {
  const space = useSpaceIfAny() ?? '';
  if (of === 'instance')
    return {
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
