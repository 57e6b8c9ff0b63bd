import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { ReadinessService } from './readiness.service.js';

/** A request has no body, and its head arrives at once. */
const REQUEST_MS = 5_000;

type Answer = { status: number; contentType: string; body: string };

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers `/healthz`, `/readyz` and `/metrics` on a port of its own, as the API does on its. It knows nothing else. */
export class HealthServer {
  private readonly server: Server;

  constructor(
    private readonly readiness: ReadinessService,
    private readonly metrics: ProcessMetrics,
  ) {
    this.server = createServer(
      { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS },
      (request, response) => {
        void this.respond(request, response);
      },
    );
  }

  /** Gives the address. Rejects with Node's error when the port cannot be had. */
  async listen(port: number, host: string): Promise<ReturnType<Server['address']>> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, host, resolve);
    });
    return this.server.address();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.answer(request).catch(() => problem(500, 'internal'));
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'cache-control': 'no-store',
      ...(answer.status === 503 && { 'retry-after': '1' }),
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  }

  private async answer({ method, url = '', headers }: IncomingMessage): Promise<Answer> {
    if (method !== 'GET' && method !== 'HEAD') return problem(405, 'method_not_allowed');
    switch (url.split('?', 1)[0]) {
      case '/healthz':
        return { status: 200, contentType: JSON_TYPE, body: JSON.stringify({ status: 'ok' }) };
      case '/readyz': {
        const readiness = await this.readiness.read();
        const status = readiness.status === 'ok' ? 200 : 503;
        return { status, contentType: JSON_TYPE, body: JSON.stringify(readiness) };
      }
      case '/metrics': {
        const { contentType, text } = await this.metrics.render(headers.accept);
        return { status: 200, contentType, body: text };
      }
      default:
        return problem(404, 'not_found');
    }
  }
}

function problem(status: number, code: string): Answer {
  return { status, contentType: JSON_TYPE, body: JSON.stringify({ status, code }) };
}
