import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { localTime, utcTime } from '../text/time.js';
import type { Bucket, Window } from './overview.js';

const OUTCOMES = [
  { key: 'succeeded', label: 'Succeeded', colour: 'var(--good-solid)' },
  { key: 'retried', label: 'To be retried', colour: 'var(--hold-solid)' },
  { key: 'failed', label: 'Failed', colour: 'var(--bad-solid)' },
] as const;

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'short', day: 'numeric' });

/** Attempts over time, one bar a bucket, stacked by outcome. */
export default function DeliveriesChart({ buckets, window }: { buckets: Bucket[]; window: Window }) {
  const tick = (at: string) => (window === '7d' ? DAY : CLOCK).format(new Date(at));
  return (
    <figure className="chart-figure" aria-label={describe(buckets)}>
      <div className="row wrap legend" aria-hidden="true">
        {OUTCOMES.map(({ key, label, colour }) => (
          <span key={key} className="row small quiet">
            <i style={{ background: colour }} /> {label}
          </span>
        ))}
      </div>
      <div className="chart">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={buckets} margin={{ top: 4, right: 0, bottom: 0, left: 0 }} barCategoryGap="18%">
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="at"
              tickFormatter={tick}
              minTickGap={48}
              tickLine={false}
              axisLine={{ stroke: 'var(--line-strong)' }}
              tick={{ fill: 'var(--ink-3)', fontSize: 11 }}
            />
            <YAxis
              width={36}
              allowDecimals={false}
              tickLine={false}
              axisLine={false}
              tick={{ fill: 'var(--ink-3)', fontSize: 11 }}
            />
            <Tooltip cursor={{ fill: 'var(--hover)' }} content={<Hint />} isAnimationActive={false} />
            {OUTCOMES.map(({ key, colour }) => (
              <Bar
                key={key}
                dataKey={key}
                stackId="outcome"
                fill={colour}
                isAnimationActive={false}
                maxBarSize={28}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}

interface HintProps {
  active?: boolean;
  payload?: readonly { payload?: Bucket }[];
}

function Hint({ active, payload }: HintProps) {
  const bucket = payload?.[0]?.payload;
  if (!active || !bucket) return null;
  return (
    <div className="chart-hint">
      <strong title={utcTime(bucket.at)}>{localTime(bucket.at)}</strong>
      {OUTCOMES.map(({ key, label, colour }) => (
        <span key={key} className="row">
          <i style={{ background: colour }} /> {label}
          <span className="push numbers">{bucket[key].toLocaleString()}</span>
        </span>
      ))}
    </div>
  );
}

function describe(buckets: Bucket[]): string {
  const sum = (key: (typeof OUTCOMES)[number]['key']) =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  return `Attempts over time: ${sum('succeeded')} succeeded, ${sum('retried')} to be retried, ${sum('failed')} failed.`;
}
