import { Link } from 'wouter';
import { useSpaceLink } from '../session/space.js';
import { Untrusted } from '../text/untrusted.js';
import type { EventType } from './event-types.js';

const RULES = {
  warn: 'Data that does not match the schema is stored with a warning.',
  enforce: 'Data that does not match the schema is refused.',
};

/** What publishers should know of a type besides its data. */
export function TypeFacts({ type }: { type: EventType }) {
  const { deprecated, feature, validation, version, versions = {} } = type;
  const numbers = [1, ...Object.keys(versions).map(Number)];
  return (
    <>
      {deprecated && <Deprecation type={type} />}
      <p className="flat small quiet">
        {version !== undefined && `Published in version ${version}; it has ${numbers.join(', ')}. `}
        {validation !== 'off' && `${RULES[validation]} `}
        {feature !== undefined && (
          <>
            Part of the feature <Untrusted>{feature}</Untrusted>.
          </>
        )}
      </p>
    </>
  );
}

function Deprecation({ type: { replacedBy } }: { type: EventType }) {
  const link = useSpaceLink();
  return (
    <div className="note">
      Deprecated: publishers should stop using it.
      {replacedBy !== null && (
        <>
          {' '}
          Use{' '}
          <Link className="mono" href={link(`catalogue/${encodeURIComponent(replacedBy)}`)}>
            <Untrusted>{replacedBy}</Untrusted>
          </Link>
          .
        </>
      )}
    </div>
  );
}
