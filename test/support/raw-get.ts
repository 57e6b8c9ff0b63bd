import { request, type IncomingHttpHeaders } from 'node:http';

/**
 * One request without what `fetch` adds or takes away: no encoding of its own, no redirect followed, the path as it is.
 */
export function get(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const { hostname, port, origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: url.slice(origin.length), method, headers, agent: false },
      (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () =>
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end();
  });
}
