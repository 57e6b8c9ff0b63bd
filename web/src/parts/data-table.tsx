import type { ReactNode } from 'react';
import './data-table.css';

interface Props {
  label: string;
  heads: ReactNode[];
  children: ReactNode;
}

/** A table that scrolls by itself where the page is narrower. */
export function DataTable({ label, heads, children }: Props) {
  return (
    // A scrolling area must be reachable by keyboard.
    <div className="data-table" role="group" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th key={index} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
