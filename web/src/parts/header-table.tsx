import { HeaderRows } from '../text/header-rows.js';

/** HTTP headers in the order they were sent. */
export function HeaderTable({ headers, label }: { headers: readonly (readonly string[])[]; label: string }) {
  if (headers.length === 0) return <p className="quiet flat">None.</p>;
  return (
    <table className="headers" aria-label={label}>
      <HeaderRows of={headers} />
    </table>
  );
}
