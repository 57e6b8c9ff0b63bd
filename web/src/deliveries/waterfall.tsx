import type { Schemas } from '../api/client.js';

const PHASES = [
  { key: 'dns', label: 'DNS' },
  { key: 'connect', label: 'Connect' },
  { key: 'tls', label: 'TLS' },
] as const;

/** Where an attempt's time went, one bar after the other. */
export function Waterfall({ timings }: { timings: Schemas['TimingsView'] }) {
  const total = timings.total ?? 0;
  const bars: { label: string; start: number; length: number | null }[] = [];
  let at = 0;
  for (const { key, label } of PHASES) {
    const length = timings[key];
    bars.push({ label, start: at, length });
    at += length ?? 0;
  }
  // The first byte is counted from the start, the phases before it each by themselves.
  const waited = timings.firstByte === null ? null : Math.max(0, timings.firstByte - at);
  bars.push({ label: 'Waiting', start: at, length: waited });
  at += waited ?? 0;
  bars.push({
    label: 'Reading',
    start: at,
    length: timings.firstByte === null ? null : Math.max(0, total - at),
  });
  const scale = Math.max(total, at, 1);
  return (
    <table className="waterfall">
      <caption className="only-read-aloud">Timings</caption>
      <tbody>
        {bars.map(({ label, start, length }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="waterfall-track">
              {length !== null && (
                <i
                  style={{
                    marginLeft: `${(start / scale) * 100}%`,
                    width: `${Math.max(0.4, (length / scale) * 100)}%`,
                  }}
                />
              )}
            </td>
            <td className="numbers">{length === null ? '–' : `${length.toFixed(1)} ms`}</td>
          </tr>
        ))}
        <tr className="waterfall-total">
          <th scope="row">Total</th>
          <td />
          <td className="numbers">{timings.total === null ? '–' : `${timings.total.toFixed(1)} ms`}</td>
        </tr>
      </tbody>
    </table>
  );
}
