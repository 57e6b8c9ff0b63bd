/** Secrets of endpoints that were made in this visit: some are shown only then. */
const secrets = new Map<string, string>();

export function keepNewSecret(endpoint: string, secret: string | null): void {
  if (secret !== null) secrets.set(endpoint, secret);
}

export function newSecretOf(endpoint: string): string | null {
  return secrets.get(endpoint) ?? null;
}

/** After a rotation: it signs no longer. */
export function forgetNewSecret(endpoint: string): void {
  secrets.delete(endpoint);
}
