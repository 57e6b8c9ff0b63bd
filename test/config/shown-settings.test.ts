import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changedSettings } from '../../src/config/changed-settings.js';
import { readCliSettings } from '../../src/config/cli-settings.js';
import { readSettings } from '../../src/config/read-settings.js';

it('what differs from the default is shown as a variable has it', () => {
  const settings = readSettings({ POSTHORN_RETRY_SCHEDULE: '', POSTHORN_PAUSE_AFTER: 'never', PORT: '9000' });
  expect(changedSettings(settings)).toEqual([
    { name: 'PORT', value: '9000', default: '8080' },
    { name: 'POSTHORN_PAUSE_AFTER', value: 'never', default: '10' },
    { name: 'POSTHORN_RETRY_SCHEDULE', value: '', default: '5,30,300,3600,21600' },
  ]);
});

it('the command takes what is set and empty for not set, as the server does', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-cli-'));
  try {
    writeFileSync(join(dataDir, 'admin-key'), 'phk_admin_kept\n');
    const empty = { POSTHORN_URL: '', PORT: '', POSTHORN_KEY: '', POSTHORN_ADMIN_KEY: '' };
    expect(readCliSettings({ ...empty, POSTHORN_DATA_DIR: dataDir })).toMatchObject({
      url: 'http://127.0.0.1:8080',
      key: 'phk_admin_kept',
    });
    expect(readCliSettings({ ...empty, PORT: '9000', POSTHORN_ADMIN_KEY: 'mine' })).toMatchObject({
      url: 'http://127.0.0.1:9000',
      key: 'mine',
    });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});
