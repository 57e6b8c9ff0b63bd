import { METRICS } from './metric-names.js';
import { textOf, yamlOf } from './repository.js';

interface Panel {
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

const { panels } = JSON.parse(textOf('deploy/grafana/posthorn.json')) as { panels: Panel[] };
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
const { groups } = yamlOf<{ groups: { rules: Rule[] }[] }>('deploy/prometheus/rules.yml');
const rules = groups.flatMap((group) => group.rules);
const expressions = [...queries, ...rules.map(({ expr }) => expr)];
const namesIn = (expression: string) => expression.match(/\b(?:posthorn|process|nodejs)_[a-z0-9_]+/g) ?? [];

it('rules and dashboard ask for metrics that exist, and for no other', () => {
  const { counters, histograms, gauges } = METRICS;
  const buckets = histograms.map((name) => `${name}_bucket`);
  const known = [...counters, ...gauges, ...buckets];
  const asked = new Set(expressions.flatMap(namesIn));
  expect([...asked].filter((name) => !known.includes(name))).toEqual([]);
  // What nobody looks at need not be counted.
  expect(known.filter((name) => !asked.has(name))).toEqual([]);
});

it('docs/operating.md explains the same metrics', () => {
  const explained = [...textOf('docs/operating.md').matchAll(/^\| `(posthorn_\w+)`/gm)].map(
    ([, name]) => name,
  );
  const known = Object.values(METRICS).flat();
  expect(explained.sort()).toEqual(known.filter((name) => name.startsWith('posthorn_')).sort());
});

it('counters and buckets are asked for their growth only, gauges never', () => {
  const grown = /(?:rate|increase)\((\w+)(?:\{[^}]*\})?\[/g;
  for (const expression of expressions) {
    const inside = [...expression.matchAll(grown)].map(([, name]) => name);
    const counting = namesIn(expression).filter((name) => /_(?:total|bucket)$/.test(name));
    expect([expression, inside.sort()]).toEqual([expression, counting.sort()]);
  }
});

it('panels have a meaning, a query each, and a place of their own', () => {
  const places = new Set<string>();
  for (const { type, title, description, gridPos, targets } of panels) {
    expect(title).not.toBe('');
    if (type !== 'row' && type !== 'text') {
      expect([title, description]).not.toEqual([title, undefined]);
      expect([title, targets?.length]).not.toEqual([title, 0]);
    }
    const { x, y, w, h } = gridPos;
    expect(x + w).toBeLessThanOrEqual(24);
    for (let column = x; column < x + w; column++)
      for (let line = y; line < y + h; line++) {
        const place = `${column}/${line}`;
        expect([title, place, places.has(place)]).toEqual([title, place, false]);
        places.add(place);
      }
  }
  const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
  expect(rows).toEqual(['Health at a glance', 'Traffic', 'Which endpoint hurts', 'Is it us or them?']);
});

it('alerts say how bad it is and what to do, and each has a test', () => {
  const tested = textOf('deploy/prometheus/rules.test.yml');
  for (const { alert, labels, annotations } of rules) {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.summary).toMatch(/\.$/);
    expect(annotations.description).toMatch(/\.$/);
    const fires = new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n\\s+- exp_labels`);
    expect([alert, fires.test(tested)]).toEqual([alert, true]);
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});
