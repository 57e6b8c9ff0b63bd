import { statSync } from 'node:fs';
import { join } from 'node:path';
import { textOf } from './repository.js';

it('is executable as it is built: npx links it once, and a new dist would not be linked again', () => {
  const { bin } = JSON.parse(textOf('package.json')) as { bin: { posthorn: string } };
  const { mode } = statSync(join(import.meta.dirname, '../..', bin.posthorn));
  expect(mode & 0o111).toBe(0o111);
});
