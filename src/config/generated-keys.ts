import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commaSeparated } from './setting.js';
import { ADMIN_KEY_RULE, ENCRYPTION_KEY_BYTES, isEncryptionKey } from './setting-rules.js';
import type { Settings } from './settings.js';
import { StartupError } from './startup-error.js';

/** Where a key that nobody configured is kept. */
export interface GeneratedKeys {
  /** The file with the admin key, or null when the environment gave one. */
  adminKeyFile: string | null;
}

/**
 * Fills in the keys the environment did not give, for an engine with its own database: made once, kept in the data
 * folder readable by its owner only. The caller holds the folder's lock. Throws `StartupError` when a kept key is
 * unusable.
 */
export function addGeneratedKeys(settings: Settings, folder: { hasDatabase: boolean }): GeneratedKeys {
  if (settings.encryptionKeys.length === 0) {
    settings.encryptionKeys = encryptionKeys(join(settings.dataDir, 'encryption-keys'), !folder.hasDatabase);
  }
  if (settings.adminKey !== '') return { adminKeyFile: null };
  const adminKeyFile = join(settings.dataDir, 'admin-key');
  settings.adminKey = keep(adminKeyFile, () => `phk_admin_${randomBytes(24).toString('hex')}`);
  if (ADMIN_KEY_RULE.accepts(settings.adminKey)) return { adminKeyFile };
  throw new StartupError(
    `${adminKeyFile} does not hold an admin key. Remove the file to have a new one made.`,
  );
}

function encryptionKeys(file: string, mayMake: boolean): string[] {
  if (!mayMake && !existsSync(file)) {
    // A new key would start, and then fail to open every secret that is stored.
    throw new StartupError(
      `${file} is missing, and the stored secrets cannot be opened without it. Restore it from a ` +
        'backup, or set POSTHORN_ENCRYPTION_KEYS.',
    );
  }
  const keys = commaSeparated(keep(file, () => randomBytes(ENCRYPTION_KEY_BYTES).toString('base64')));
  if (keys.length > 0 && keys.every(isEncryptionKey)) return keys;
  throw new StartupError(
    `${file} does not hold base64 keys of ${ENCRYPTION_KEY_BYTES} bytes. Restore it from a backup, or ` +
      'set POSTHORN_ENCRYPTION_KEYS.',
  );
}

/** On the disk before it is renamed: a key file is whole, or not there, and what it sealed outlasts no key. */
function keep(file: string, make: () => string): string {
  try {
    if (!existsSync(file)) {
      writeFileSync(`${file}.new`, `${make()}\n`, { mode: 0o600, flush: true });
      renameSync(`${file}.new`, file);
    }
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartupError(`${file} cannot be used: ${(error as Error).message}.`, { cause: error });
  }
}
