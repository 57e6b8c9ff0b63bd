import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import S3rver from '@20minutes/s3rver';

/** S3-compatible storage on this machine, with the bucket `archive`. It checks signatures. */
export class ObjectStorage {
  private constructor(
    readonly url: string,
    private readonly folder: string,
    private server: S3rver,
  ) {}

  static async open(): Promise<ObjectStorage> {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-s3-'));
    const server = serverOf(folder, 0);
    const { port } = await server.run();
    return new ObjectStorage(`http://127.0.0.1:${port}`, folder, server);
  }

  /** Of the engine. */
  get settings() {
    return {
      archiveUrl: 's3://archive/posthorn',
      archiveEndpoint: this.url,
      archivePathStyle: true,
      awsAccessKeyId: 'S3RVER',
      awsSecretAccessKey: 'S3RVER',
    };
  }

  async stop(): Promise<void> {
    await this.server.close();
  }

  async start(): Promise<void> {
    this.server = serverOf(this.folder, Number(new URL(this.url).port));
    await this.server.run();
  }

  /** All keys, sorted. */
  async keys(): Promise<string[]> {
    const root = join(this.folder, 'archive');
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    return files
      .filter((file) => file.isFile() && file.name.endsWith('._S3rver_object'))
      .map((file) => join(file.parentPath, file.name).slice(root.length + 1, -'._S3rver_object'.length))
      .sort();
  }

  read(key: string): Promise<Buffer> {
    return readFile(this.pathOf(key));
  }

  /** The rows of an object. */
  async rows(key: string): Promise<Record<string, unknown>[]> {
    const text = gunzipSync(await this.read(key)).toString();
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async damage(key: string): Promise<void> {
    await writeFile(this.pathOf(key), 'damaged');
  }

  async close(): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true });
  }

  private pathOf(key: string): string {
    return join(this.folder, 'archive', `${key}._S3rver_object`);
  }
}

function serverOf(directory: string, port: number): S3rver {
  return new S3rver({
    address: '127.0.0.1',
    port,
    silent: true,
    directory,
    configureBuckets: [{ name: 'archive', configs: [] }],
  });
}
