import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Value {
  stringValue?: string;
  intValue?: number | string;
  arrayValue?: unknown;
}

/** A span as OTLP's JSON has it. */
interface WireSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes?: { key: string; value: Value }[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

interface Export {
  resourceSpans: {
    resource: { attributes: { key: string; value: Value }[] };
    scopeSpans: { spans: WireSpan[] }[];
  }[];
}

/** A span that was exported. */
export interface CollectedSpan extends WireSpan {
  /** Of the process that made it. */
  service: Record<string, unknown>;
  /** Its attributes. */
  facts: Record<string, unknown>;
}

/** An OpenTelemetry collector that takes OTLP's JSON over HTTP on a free port of 127.0.0.1, and keeps every span. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  /** All that came, as it came. */
  text = '';
  /** Paths and `authorization` headers of the exports. */
  readonly requests: { path: string; authorization: string | undefined }[] = [];
  url = '';

  private constructor(private readonly server: Server) {}

  /** `hangs`: it takes exports and never answers. */
  static async start({ hangs = false } = {}): Promise<Collector> {
    const server = createServer();
    const collector = new Collector(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { authorization } = request.headers;
        collector.requests.push({ path: request.url ?? '', authorization });
        if (hangs) return;
        collector.take(Buffer.concat(chunks).toString());
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    collector.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return collector;
  }

  named(name: string): CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private take(text: string): void {
    this.text += text;
    for (const { resource, scopeSpans } of (JSON.parse(text) as Export).resourceSpans) {
      const service = factsOf(resource.attributes);
      for (const { spans } of scopeSpans)
        for (const span of spans)
          this.spans.push({ ...span, service, facts: factsOf(span.attributes ?? []) });
    }
  }
}

function factsOf(attributes: { key: string; value: Value }[]): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.intValue === undefined ? value.stringValue : Number(value.intValue),
    ]),
  );
}
