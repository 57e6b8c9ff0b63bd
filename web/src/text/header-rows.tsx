import { Untrusted } from './untrusted.js';

/** HTTP headers in the order they were sent, as the rows of a table. */
export function HeaderRows({ of }: { of: readonly (readonly string[])[] }) {
  return (
    <tbody>
      {of.map(([name = '', value = ''], index) => (
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
  );
}
