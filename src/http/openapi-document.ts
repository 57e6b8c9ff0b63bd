import { STATUS_CODES } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { version } from '../config/version.js';
import {
  PROBLEM_RESPONSES,
  PROBLEM_SCHEMA,
  errorResponseRef,
  errorStatusesOf,
  type Operation,
} from './openapi-problems.js';
import {
  completeInput,
  completeInputs,
  formatTimes,
  schemaRuleOf,
  type JsonSchema,
} from './input-schemas.js';
import { API_GUIDE } from './api-guide.js';
import { addExamples } from './openapi-examples.js';
import { tidySchema } from './openapi-schemas.js';

/** The extension that says who may call an operation; set by `spaces/access.ts`. */
export const ACCESS_EXTENSION = 'x-posthorn-access';
/** True: a portal link of the route's scope may call it, too. */
export const PORTAL_EXTENSION = 'x-posthorn-portal';
/** The right that such a link needs, where its scope is not enough. */
export const RIGHT_EXTENSION = 'x-posthorn-portal-right';

const PUBLIC = 'public';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type Parameter = Operation['parameters'] extends (infer P)[] | undefined ? P : never;

/** Descriptions of path parameters. A route with a different meaning describes its own. */
const PATH_PARTS: Record<string, string> = {
  space: 'The space: its `spc_` id or its uid.',
  key: 'The key: its `key_` id.',
  person: 'The person: their `usr_` id or mail address.',
  session: 'The session: its `ses_` id.',
  sub: 'The subscription: its `sub_` id or its uid.',
  event: "The event: its `evt_` id or the publisher's own.",
  link: 'The portal link: its `lnk_` id.',
  receiver: 'The test receiver: its `rcv_` id.',
  job: 'The job: its `job_` id.',
  delivery: 'The delivery: its `dlv_` id.',
  name: 'The name of the event type.',
  n: 'The number of the attempt, from 1.',
};

/** The OpenAPI 3.1 document of everything `app` routes. The same code always gives the same document. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Posthorn')
    .setVersion(version)
    .setDescription(API_GUIDE)
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addServer('/')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'The admin key, or a key of the space.' },
      'key',
    )
    .addSecurityRequirements('key')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) =>
      `${lowerFirst(controller.replace(/Controller$/, ''))}_${method}`,
  });
  return finish(document);
}

function finish(document: OpenAPIObject): OpenAPIObject {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation) finishOperation(operation, path, method, document.components?.schemas ?? {});
    }
  }
  addExamples(document.paths);
  const tidy = Object.entries({ ...document.components?.schemas, Problem: PROBLEM_SCHEMA }).map(
    ([name, schema]): [string, JsonSchema] => [name, tidySchema(schema) as JsonSchema],
  );
  const schemas = completeInputs(Object.fromEntries(tidy), document.paths);
  const info = { ...document.info };
  delete info.contact;
  const key = { ...document.components?.securitySchemes?.key };
  delete (key as { bearerFormat?: string }).bearerFormat;
  return {
    ...document,
    info,
    paths: sorted(document.paths),
    components: {
      ...document.components,
      securitySchemes: { key } as never,
      responses: PROBLEM_RESPONSES,
      schemas: sorted(
        Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, formatTimes(schema)])),
      ),
    },
  };
}

function finishOperation(operation: Operation, path: string, method: string, schemas: object): void {
  const extensions = operation as unknown as Record<string, string | boolean | undefined>;
  const access = String(extensions[ACCESS_EXTENSION] ?? PUBLIC);
  const portal = portalSentence(extensions);
  const [summary = '', ...more] = (operation.summary ?? '').split(/(?<=\.)\s+|\n{2,}/);
  operation.summary = summary.replace(/\.$/, '');
  operation.description = [...more, operation.description, accessSentence(access), portal]
    .filter(Boolean)
    .map((sentence) => String(sentence).replace(/[^.!?:`]$/, '$&.'))
    .join(' ');
  if (access === PUBLIC) operation.security = [];
  operation.parameters = parametersOf(operation, path);
  relaxBody(operation, method, schemas as Record<string, JsonSchema>);
  for (const [status, response] of Object.entries(operation.responses)) {
    if (response && 'description' in response) response.description ||= STATUS_CODES[status] ?? 'Answer';
  }
  for (const status of errorStatusesOf(operation, method, access !== PUBLIC)) {
    operation.responses[String(status)] ??= errorResponseRef(status);
  }
}

function portalSentence(extensions: Record<string, string | boolean | undefined>): string | undefined {
  if (extensions[PORTAL_EXTENSION] === false) return 'A portal link is refused.';
  const right = extensions[RIGHT_EXTENSION];
  return right === undefined ? undefined : `A portal link needs the right \`${String(right)}\`.`;
}

/** A body without required fields may be left out, but not that of a PATCH, which would change nothing. */
function relaxBody({ requestBody }: Operation, method: string, schemas: Record<string, JsonSchema>): void {
  if (!requestBody || !('content' in requestBody) || method === 'patch') return;
  const schema = requestBody.content['application/json']?.schema;
  const name = schema && '$ref' in schema ? (schema.$ref.split('/').pop() ?? '') : '';
  const required = schemas[name]?.required;
  const rule = schemaRuleOf(name);
  if (schemas[name] && !(Array.isArray(required) && required.length > 0) && !rule)
    requestBody.required = false;
}

function accessSentence(access: string): string {
  switch (access) {
    case PUBLIC:
      return 'Needs no key.';
    case 'any_key':
      return 'Needs any valid key.';
    case 'admin':
      return 'Needs the admin key.';
    case 'manage':
      return 'Needs a key with the scope `manage`.';
    default:
      return `Needs a key with the scope \`${access}\` or \`manage\`.`;
  }
}

/** Adds path parameters that only a guard reads. A parameter with a default is optional. */
function parametersOf(operation: Operation, path: string): Parameter[] {
  const named = (operation.parameters ?? []) as Exclude<Parameter, { $ref: string }>[];
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const own = named.find((parameter) => parameter.in === 'path' && parameter.name === name);
    const description = own?.description ?? PATH_PARTS[name];
    const parameter = own ?? {
      name,
      in: 'path' as const,
      required: true,
      schema: { type: 'string' as const },
    };
    return { ...parameter, ...(description && { description }) };
  });
  const others = named
    .filter((parameter) => parameter.in !== 'path')
    .map((parameter) => {
      const hasDefault = parameter.schema !== undefined && 'default' in parameter.schema;
      return hasDefault ? { ...parameter, required: false } : parameter;
    });
  return [...inPath, ...others].map((parameter) => ({
    ...parameter,
    schema: completeInput(tidySchema(parameter.schema) as JsonSchema),
  }));
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
