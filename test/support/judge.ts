import { request } from 'node:http';
import type { Engine } from './engine.js';
import { Stored } from './stored.js';

/** A request as it goes out: the path is sent as it stands, and the body is text. */
export interface BadRequest {
  method: string;
  path: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

export interface Verdict {
  status: number;
  code: string;
  errors: { path: string; code: string }[];
}

const SLOW_MS = 2_000;
const PROBLEM = /^application\/problem\+json/;

/** Sends requests to an engine that has no workers, and holds it to what every answer must keep. */
export class Judge {
  private constructor(
    private readonly engine: Engine,
    private readonly stored: Stored,
    private before: Record<string, string>,
  ) {}

  static async of(engine: Engine): Promise<Judge> {
    const stored = await Stored.open(engine.settings.databaseUrl);
    return new Judge(engine, stored, await stored.look());
  }

  /** Throws unless it is a 2xx, or a 4xx problem with a stable code that left every table as it was, in good time. */
  async send({ method, path, body, headers }: BadRequest): Promise<Verdict> {
    const startedAt = performance.now();
    const answer = await this.exchange({ method, path, body, headers });
    const tookMs = performance.now() - startedAt;
    const after = await this.stored.look();
    const changed = Object.keys(after).filter((table) => after[table] !== this.before[table]);
    this.before = after;
    const refused = answer.status >= 400 && answer.status < 500;
    const problem = (refused && PROBLEM.test(answer.type) ? JSON.parse(answer.text) : {}) as Partial<Verdict>;
    if (tookMs > SLOW_MS) throw new Error(`took ${Math.round(tookMs)} ms`);
    if (answer.status >= 200 && answer.status < 300) return { status: answer.status, code: '', errors: [] };
    if (!refused) throw new Error(`answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    if (problem.status !== answer.status || !/^[a-z_]+$/.test(problem.code ?? ''))
      throw new Error(`answered ${answer.status} without a problem: ${answer.text.slice(0, 300)}`);
    if (changed.length > 0) throw new Error(`answered ${answer.status}, but changed ${changed.join(', ')}`);
    return { status: answer.status, code: problem.code ?? '', errors: problem.errors ?? [] };
  }

  /** Takes what is stored now as the state that nothing may change. */
  async look(): Promise<void> {
    this.before = await this.stored.look();
  }

  close(): Promise<void> {
    return this.stored.close();
  }

  /** Not `fetch`, which tidies paths and refuses headers before anything is sent. */
  private exchange({ method, path, body, headers }: BadRequest) {
    const { hostname, port } = new URL(this.engine.url);
    return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
      const outgoing = request({
        host: hostname,
        port,
        method,
        path,
        headers: {
          authorization: `Bearer ${this.engine.adminKey}`,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...headers,
        },
      });
      outgoing.on('error', reject).on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            text: Buffer.concat(chunks).toString(),
          }),
        );
      });
      outgoing.end(body);
    });
  }
}
