import { createHash } from 'node:crypto';
import { AwsClient } from 'aws4fetch';

/** Where the archive is, and how to get there. */
export interface BucketSettings {
  /** `s3://bucket/prefix` */
  url: string;
  /** `https://minio.example.com`; empty: Amazon's. */
  endpoint: string;
  region: string;
  /** Whether the bucket stands in the path rather than in the host name. */
  pathStyle: boolean;
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/** One request takes no longer, milliseconds. Parts are at most some 8 MiB. */
const REQUEST_MS = 60_000;
const RETRIES = 3;

/** The bucket of the archive, behind the API of S3. Errors name the status, never the credentials. */
export class ArchiveBucket {
  /** Before each key; empty, or with a `/` at its end. */
  readonly prefix: string;
  private readonly base: string;
  private readonly client: AwsClient;

  constructor(settings: BucketSettings) {
    const { hostname: bucket, pathname } = new URL(settings.url);
    const path = pathname.replaceAll(/^\/+|\/+$/g, '');
    this.prefix = path === '' ? '' : `${path}/`;
    const endpoint = new URL(settings.endpoint || `https://s3.${settings.region}.amazonaws.com`);
    this.base = settings.pathStyle
      ? `${endpoint.origin}/${bucket}`
      : `${endpoint.protocol}//${bucket}.${endpoint.host}`;
    this.client = new AwsClient({
      service: 's3',
      region: settings.region,
      accessKeyId: settings.accessKeyId,
      secretAccessKey: settings.secretAccessKey,
      ...(settings.sessionToken !== '' && { sessionToken: settings.sessionToken }),
      retries: RETRIES,
    });
  }

  /** Writes a whole object. S3 refuses bytes that are not those of the hash. */
  async put(key: string, content: Buffer, type: string): Promise<void> {
    const headers = { 'content-type': type, 'x-amz-content-sha256': sha256(content) };
    await this.send('PUT', key, { headers, body: new Uint8Array(content) });
  }

  /** The SHA-256 of what is stored there, which is read to the end; null when there is nothing. */
  async hashOf(key: string): Promise<string | null> {
    const response = await this.send('GET', key, {});
    if (response === null) return null;
    const hash = createHash('sha256');
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read && !read.done; read = await reader?.read())
      hash.update(read.value as Uint8Array);
    return hash.digest('hex');
  }

  /** Null for a GET of what is not there. */
  private async send(method: string, key: string, init: RequestInit): Promise<Response | null> {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const signal = AbortSignal.timeout(REQUEST_MS);
    const response = await this.client.fetch(`${this.base}/${path}`, { ...init, method, signal });
    if (response.ok) return response;
    await response.body?.cancel();
    if (response.status === 404 && method === 'GET') return null;
    throw new Error(`The archive answered ${response.status} to ${method} ${key}.`);
  }
}

export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
