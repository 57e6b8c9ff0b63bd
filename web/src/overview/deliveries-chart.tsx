import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';
import { chartTime, localTime, otherTime } from '../text/time.js';
import { ticksOf } from './chart-scale.js';
import type { Bucket, Window } from './overview.js';

/** From the bottom of a bar to its top. */
const OUTCOMES = [
  { key: 'succeeded', label: 'Succeeded', colour: 'var(--good-solid)' },
  { key: 'retried', label: 'Will be retried', colour: 'var(--hold-solid)' },
  { key: 'failed', label: 'Failed', colour: 'var(--bad-solid)' },
] as const;

const HEIGHT = 196;
const FOOT = 24;
const MOST_WIDE = 28;
/** Between the times below the chart, pixels. */
const TIME_GAP = 84;
const LETTER = 7;

/** Attempts over time, one bar a bucket, stacked by outcome. */
export function DeliveriesChart({ buckets, window }: { buckets: Bucket[]; window: Window }) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const bucket = at === null ? undefined : buckets[at];
  return (
    <figure className="chart-figure" aria-label={describe(buckets)} role="img">
      <div className="row wrap legend" aria-hidden="true">
        {OUTCOMES.map(({ key, label, colour }) => (
          <span key={key} className="row small quiet">
            <i style={{ background: colour }} /> {label}
          </span>
        ))}
      </div>
      <div className="chart" ref={ref} aria-hidden="true">
        {width > 0 && <Bars buckets={buckets} window={window} width={width} at={at} point={setAt} />}
        {bucket && at !== null && <Hint bucket={bucket} isRight={at > buckets.length / 2} />}
      </div>
    </figure>
  );
}

interface BarsProps {
  buckets: Bucket[];
  window: Window;
  width: number;
  at: number | null;
  point: (at: number | null) => void;
}

function Bars({ buckets, window, width, at, point }: BarsProps) {
  const most = Math.max(0, ...buckets.map(({ succeeded, retried, failed }) => succeeded + retried + failed));
  const ticks = ticksOf(most);
  const top = ticks.at(-1) ?? 1;
  const left = 14 + LETTER * Math.max(...ticks.map((tick) => SHORT.format(tick).length));
  const each = (width - left) / buckets.length;
  const wide = Math.max(1, Math.min(MOST_WIDE, each * 0.82));
  const y = (value: number) => HEIGHT - (value / top) * (HEIGHT - 8);
  const every = Math.max(1, Math.ceil(TIME_GAP / each));
  return (
    <svg width={width} height={HEIGHT + FOOT} onPointerLeave={() => point(null)}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={width} y1={y(tick)} y2={y(tick)} className="chart-line" />
          <text x={left - 8} y={y(tick) + 4} textAnchor="end">
            {SHORT.format(tick)}
          </text>
        </g>
      ))}
      {buckets.map((bucket, index) => (
        <g key={bucket.at}>
          <rect
            className={index === at ? 'chart-slot chart-slot-on' : 'chart-slot'}
            x={left + index * each}
            y={0}
            width={each}
            height={HEIGHT}
            onPointerEnter={() => point(index)}
          />
          {stackOf(bucket).map(({ colour, from, to }) => (
            <rect
              key={colour}
              className="chart-bar"
              x={left + index * each + (each - wide) / 2}
              y={y(to)}
              width={wide}
              height={y(from) - y(to)}
              style={{ fill: colour }}
            />
          ))}
          {index % every === 0 && left + (index + 0.5) * each < width - 20 && (
            <text x={left + (index + 0.5) * each} y={HEIGHT + 17} textAnchor="middle">
              {chartTime(bucket.at, window === '7d')}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

const SHORT = new Intl.NumberFormat(undefined, { notation: 'compact' });

function stackOf(bucket: Bucket): { colour: string; from: number; to: number }[] {
  let from = 0;
  return OUTCOMES.flatMap(({ key, colour }) => {
    const to = from + bucket[key];
    const part = { colour, from, to };
    from = to;
    return bucket[key] > 0 ? [part] : [];
  });
}

function Hint({ bucket, isRight }: { bucket: Bucket; isRight: boolean }) {
  return (
    <div className={`chart-hint ${isRight ? 'chart-hint-left' : 'chart-hint-right'}`}>
      <strong title={otherTime(bucket.at)}>{localTime(bucket.at)}</strong>
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
  return (
    `Attempts over time: ${sum('succeeded')} succeeded, ${sum('retried')} will be retried, ` +
    `${sum('failed')} failed.`
  );
}
