/** @jest-environment ./test/support/leak-environment.mjs */
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { addGeneratedKeys } from '../../src/config/generated-keys.js';
import { Settings } from '../../src/config/settings.js';

it('generated keys are on the disk before anything is sealed with them', () => {
  const dataDir = fs.mkdtempSync(join(tmpdir(), 'posthorn-keys-'));
  const flushed = jest.spyOn(fs, 'fsyncSync');
  try {
    const settings = Object.assign(new Settings(), { dataDir });
    addGeneratedKeys(settings, { hasDatabase: false });
    expect(flushed).toHaveBeenCalledTimes(2);
    expect(settings.encryptionKeys).toHaveLength(1);
    expect(settings.adminKey).toMatch(/^phk_admin_/);
  } finally {
    flushed.mockRestore();
    fs.rmSync(dataDir, { recursive: true });
  }
});
