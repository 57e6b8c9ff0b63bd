import { createReadStream, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { packageRoot } from '../config/version.js';

/** The committed OpenAPI document, made by `npm run openapi`. */
export const OPENAPI_FILE = join(packageRoot, 'openapi.json');

const pageAt = (base: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Posthorn API</title>
    <link rel="stylesheet" href="${base}/docs/swagger-ui.css" />
    <link rel="icon" href="${base}/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="${base}/docs/swagger-ui-bundle.js"></script>
    <script src="${base}/docs/start.js"></script>
  </body>
</html>
`;

// Without null, Swagger UI sends the document's address to validator.swagger.io.
const startAt = (base: string) => `SwaggerUIBundle({
  url: '${base}/openapi.json', dom_id: '#swagger-ui', deepLinking: true, persistAuthorization: true, validatorUrl: null,
  docExpansion: 'none', defaultModelsExpandDepth: 0, tryItOutEnabled: true,
});
`;

const ASSETS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/**
 * Serves `/openapi.json` and, at `/docs`, Swagger UI from the files installed with `@nestjs/swagger`. Its own
 * `SwaggerModule.setup` needs @fastify/static, whose dependencies Jest cannot load on Node 20, for three files.
 */
export function serveDocs(fastify: FastifyInstance, basePath: string): void {
  const folder = swaggerUiFolder();
  fastify.get('/openapi.json', (_request, reply) =>
    reply.type('application/json').send(readFileSync(OPENAPI_FILE)),
  );
  fastify.get('/docs', (_request, reply) => sendText(reply, 'text/html; charset=utf-8', pageAt(basePath)));
  fastify.get('/docs/start.js', (_request, reply) =>
    sendText(reply, 'text/javascript; charset=utf-8', startAt(basePath)),
  );
  for (const [name, type] of Object.entries(ASSETS)) {
    fastify.get(`/docs/${name}`, (_request, reply) =>
      reply.type(type).send(createReadStream(join(folder, name))),
    );
  }
}

function sendText(reply: FastifyReply, type: string, text: string): FastifyReply {
  return reply.type(type).header('content-security-policy', POLICY).send(text);
}

/** Resolved from the package that depends on it, so that it is found in any package manager's layout. */
function swaggerUiFolder(): string {
  const swagger = createRequire(import.meta.url).resolve('@nestjs/swagger/package.json');
  return dirname(createRequire(swagger).resolve('swagger-ui-dist/package.json'));
}
