/** Whether TLS is first tried, or first left out, and the other way taken when the server refuses. */
export type Negotiation = 'prefer' | 'allow';

export interface DatabaseTls {
  /** For pg, which reads the rest of it as libpq does. */
  url: string;
  /** The same without TLS. */
  plainUrl: string;
  negotiation: Negotiation | null;
  /** What is wrong, for a person. */
  problem: string | null;
}

const FILES = ['sslrootcert', 'sslcert', 'sslkey'] as const;
const OWN = ['sslmode', 'ssl', 'uselibpqcompat', ...FILES];
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/**
 * Reads `sslmode`, `sslrootcert`, `sslcert` and `sslkey` as libpq does: from the address, else from `PGSSLMODE` and so
 * on. Without any of them there is no TLS. `verify-full` without a file of CAs trusts those of Node.
 */
export function databaseTls(url: string, env: NodeJS.ProcessEnv = process.env): DatabaseTls {
  const [base = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(query);
  const addressOf = (given: URLSearchParams) => (given.size > 0 ? `${base}?${given.toString()}` : base);
  const plain = new URLSearchParams(parameters);
  for (const name of OWN) plain.delete(name);
  plain.set('sslmode', 'disable');
  const result = { url, plainUrl: addressOf(plain), negotiation: null, problem: null };

  const isSocket = parameters.get('host')?.startsWith('/') ?? false;
  if (isSocket) return { ...result, url: result.plainUrl };
  const hasSsl = parameters.has('ssl') && !parameters.has('sslmode');
  const mode = parameters.get('sslmode') ?? (hasSsl ? null : (env.PGSSLMODE ?? null));
  if (mode === null || mode === 'no-verify') return result;
  if (!MODES.includes(mode)) {
    return { ...result, problem: `sslmode "${mode}" is not one of ${MODES.slice(0, 6).join(', ')}` };
  }
  if (mode === 'disable') return { ...result, url: result.plainUrl };
  for (const name of FILES) {
    const file = parameters.get(name) ?? env[`PG${name.toUpperCase()}`];
    if (file) parameters.set(name, file);
  }
  const negotiation = mode === 'prefer' || mode === 'allow' ? mode : null;
  // Who would do without TLS checks no certificate.
  if (negotiation !== null || parameters.get('sslrootcert') === 'system') parameters.delete('sslrootcert');
  if (mode === 'verify-ca' && !parameters.has('sslrootcert'))
    return { ...result, problem: 'sslmode verify-ca needs sslrootcert, the file of the CA' };
  parameters.set('sslmode', negotiation === null ? mode : 'require');
  parameters.set('uselibpqcompat', 'true');
  return { ...result, url: addressOf(parameters), negotiation };
}
