import { Untrusted } from '../text/untrusted.js';

/** Somebody's mail address, and below it their name where it is known. */
export function PersonName({ of: { email, name } }: { of: { email: string; name: string | null } }) {
  return (
    <>
      <Untrusted>{email}</Untrusted>
      {name !== null && (
        <div className="quiet small">
          <Untrusted>{name}</Untrusted>
        </div>
      )}
    </>
  );
}
