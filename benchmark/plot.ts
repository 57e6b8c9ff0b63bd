import type { ScenarioResult } from './play.js';

const WIDTH = 860;
const LABEL = 250;
const ROW = 30;
const TOP = 54;
const COLOURS = { ceiling: '#9aa5b1', postgres: '#336791', redis: '#c6302b' };

interface Bar {
  label: string;
  value: number;
  text: string;
  colour: string;
  /** Where the target is, in the value's unit. */
  target?: number;
}

/** Each scenario that is compared with the ceiling as a bar of deliveries a second, with a tick where its target is. */
export function plot(results: readonly ScenarioResult[]): string {
  const compared = results.filter(({ figures }) => figures.ratio !== undefined);
  const loop = (label: string, figure: string): Bar => {
    const value = compared.reduce((sum, { figures }) => sum + (figures[figure] ?? 0), 0) / compared.length;
    return { label, value, text: whole(value), colour: COLOURS.ceiling };
  };
  const bars: Bar[] = [
    loop('ceiling: undici.request', 'ceiling/s'),
    loop("undici's pool", 'pool loop/s'),
    ...compared.map(barOf),
  ];
  const longest = Math.max(1, ...bars.map(({ value }) => value));
  const height = TOP + bars.length * ROW + 16;
  const scale = (value: number) => (value / longest) * (WIDTH - LABEL - 130);
  const rows = bars.map((bar, n) => drawBar(bar, TOP + n * ROW, scale)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}"
  font-family="sans-serif" font-size="13">
<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>
<text x="16" y="24" font-size="16" font-weight="bold">Deliveries a second, settled in PostgreSQL with fsync on</text>
<text x="16" y="42" fill="#5a6472">medians; in brackets the share of the ceiling; the tick is the target</text>
${rows}
</svg>
`;
}

function barOf({ name, queue, figures, targets }: ScenarioResult): Bar {
  const { ratio = 0, 'ceiling/s': ceiling = 0 } = figures;
  const value = ratio * ceiling;
  const target = targets.ratio?.atLeast;
  return {
    label: `${name}, ${queue === 'postgres' ? 'embedded' : 'Redis'}`,
    value,
    text: `${whole(value)} (${ratio.toFixed(2)})`,
    colour: COLOURS[queue],
    ...(target !== undefined && { target: target * ceiling }),
  };
}

function drawBar(
  { label, value, text, colour, target }: Bar,
  y: number,
  scale: (value: number) => number,
): string {
  const width = scale(value).toFixed(1);
  const tick = target === undefined ? '' : tickAt(LABEL + scale(target), y);
  return `<text x="${LABEL - 10}" y="${y + 17}" text-anchor="end">${label}</text>
<rect x="${LABEL}" y="${y + 3}" width="${width}" height="${ROW - 10}" fill="${colour}"/>${tick}
<text x="${(LABEL + Math.max(scale(value), scale(target ?? 0)) + 8).toFixed(1)}" y="${y + 17}">${text}</text>`;
}

function tickAt(x: number, y: number): string {
  return (
    `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y}" y2="${y + ROW - 4}" stroke="#111827" ` +
    'stroke-width="2"/>'
  );
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
