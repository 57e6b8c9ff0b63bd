import { spawnSync } from 'node:child_process';
import { Engine } from '../support/engine.js';
import { Scrape } from '../support/scrape.js';
import { METRICS } from '../packaging/metric-names.js';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

describe('what deploy/ asks for, and a running engine', () => {
  let engine: Engine;
  let scrape: Scrape;
  beforeAll(async () => {
    engine = await Engine.start();
    scrape = await Scrape.of(engine.url);
  });
  afterAll(() => engine.close());

  it('every metric of the rules and the dashboard is exposed, as the type that they take it for', () => {
    const types = new Map(
      [...scrape.text.matchAll(/^# TYPE (\S+) (\S+)/gm)].map(([, name = '', type = '']) => [name, type]),
    );
    for (const [kind, names] of Object.entries(METRICS))
      for (const name of names) expect([name, types.get(name)]).toEqual([name, kind.slice(0, -1)]);
  });

  it('every metric of Posthorn is among those that the rules and the dashboard know', () => {
    const known: string[] = Object.values(METRICS).flat();
    const own = [...scrape.names].filter((name) => name.startsWith('posthorn_'));
    expect(own.filter((name) => !known.includes(name))).toEqual([]);
  });

  // .ci/run installs it.
  if (hasPromtool || process.env.CI)
    it('promtool can read the exposition', () => {
      const { status, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: scrape.text,
        encoding: 'utf8',
      });
      // 3: it was read, and a name is not to promtool's taste.
      expect([stderr.includes('error'), [0, 3].includes(status ?? 1)]).toEqual([false, true]);
      expect(stderr.split('\n').filter((line) => line.startsWith('posthorn_'))).toEqual([]);
    });
});
