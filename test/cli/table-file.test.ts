import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ImportItem } from '../../src/cli/import/import-plan.js';
import { fromFile } from '../../src/cli/import/table-file.js';

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
