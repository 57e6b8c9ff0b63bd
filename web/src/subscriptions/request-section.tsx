import type { EventType } from '../catalogue/event-types.js';
import { useSpaceProfile } from '../session/space.js';
import type { Draft } from './draft.js';
import { Section } from './editor-section.js';
import { RequestFields } from './request-fields.js';
import { typesWithVersions, VersionFields } from './version-fields.js';

interface Props {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  issue: (path: string) => string | undefined;
  types: EventType[];
}

/** The form of its requests. Those of other profiles than the native one have the form of their provider. */
export function RequestSection({ draft, set, issue, types }: Props) {
  const spaces = useSpaceProfile();
  if ((draft.profile || spaces) !== 'native') return null;
  const versioned = typesWithVersions(types, draft.events, draft.versions);
  return (
    <>
      {versioned.length > 0 && (
        <Section
          title="Versions"
          about="In which version it gets event types that have several. Newer events are converted."
        >
          <VersionFields
            types={versioned}
            value={draft.versions}
            change={(versions) => set({ versions })}
            issue={issue}
          />
        </Section>
      )}
      <Section title="Request" about="Format and method of the request.">
        <RequestFields
          value={draft.request}
          change={(part) => set({ request: { ...draft.request, ...part } })}
          issue={issue}
          type={draft.events.find((name) => !name.includes('*'))}
          versions={draft.versions}
        />
      </Section>
    </>
  );
}
