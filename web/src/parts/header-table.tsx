import { Untrusted } from '../text/untrusted.js';

/** HTTP headers in the order they were sent. */
export function HeaderTable({ headers, label }: { headers: readonly (readonly string[])[]; label: string }) {
  if (headers.length === 0) return <p className="quiet flat">None.</p>;
  return (
    <table className="headers" aria-label={label}>
      <tbody>
        {headers.map(([name, value], index) => (
          <tr key={index}>
            <th scope="row">
              <Untrusted>{name}</Untrusted>
            </th>
            <td>
              <Untrusted>{value}</Untrusted>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
