import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uidOf, type ImportItem } from '../../src/cli/import/import-plan.js';
import { fromFile } from '../../src/cli/import/table-file.js';
import { ID_NAMES } from '../../src/core/ids.js';

it('a JSON file may have flags and numbers of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-table-'));
  try {
    const file = join(folder, 'endpoints.json');
    const row = { tenant_id: 7, url: 'https://example.com', rate_limit: 5 };
    await writeFile(
      file,
      JSON.stringify([
        { ...row, id: 1, is_active: true },
        { ...row, id: 2, is_active: false },
        { ...row, id: 3, disabled: true },
      ]),
    );
    const found: ImportItem[] = [];
    for await (const item of fromFile(file, '')) found.push(item);
    const endpoint = (uid: string, isPaused: boolean) => ({
      kind: 'endpoint',
      endpoint: { space: '7', uid, url: 'https://example.com', rate: 5, isPaused },
    });
    expect(found).toMatchObject([
      { kind: 'space', space: { uid: '7', name: '7' } },
      endpoint('1', false),
      endpoint('2', true),
      endpoint('3', true),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  ['k9$;x,7!Qw"pLm3 rT8&zN2vB5cX1', 'k9$;x,7!Qw"pLm3 rT8&zN2vB5cX1'],
  [`whsec_${'a'.repeat(32)}, whsec_${'b'.repeat(32)}`, `whsec_${'a'.repeat(32)}`],
  ['{"k9$;x,7!Qw\\"pLm3 rT8&zN2vB5cX1",other}', 'k9$;x,7!Qw"pLm3 rT8&zN2vB5cX1'],
  [`{${'a'.repeat(32)},${'b'.repeat(32)}}`, 'a'.repeat(32)],
  ['["k9$;x,7!Qw","other"]', 'k9$;x,7!Qw'],
])('the secret %s comes over as %s', async (secret, expected) => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-table-'));
  try {
    const file = join(folder, 'endpoints.json');
    await writeFile(file, JSON.stringify([{ url: 'https://example.com', secret }]));
    const found: ImportItem[] = [];
    for await (const item of fromFile(file, 'acme')) found.push(item);
    expect(found[1]).toMatchObject({ endpoint: { secret: expected } });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('a name that looks like an id of ours, of any kind, becomes another uid', () => {
  const names = Object.keys(ID_NAMES).map((kind) => `${kind}_${'0'.repeat(32)}`);
  expect(names.filter((name) => uidOf(name) === name)).toEqual([]);
  expect(uidOf('tenant-1')).toBe('tenant-1');
});
