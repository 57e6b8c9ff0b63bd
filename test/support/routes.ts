import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
}

interface Operation {
  'x-posthorn-portal'?: boolean;
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** A call of the API as its document lists it. */
export interface Route {
  method: string;
  /** With its parameters in braces: `/v1/spaces/{space}`. */
  path: string;
  query: string[];
  /** Whether a portal link may call it, as the document says; undefined where it does not. */
  portal: boolean | undefined;
  /** The names of the body's fields; null when it takes none. */
  fields: string[] | null;
}

/** Every call in openapi.json, which CI keeps equal to the code. */
export function readRoutes(): Route[] {
  const file = join(import.meta.dirname, '../../openapi.json');
  const document = JSON.parse(readFileSync(file, 'utf8')) as Document;
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]): Route => {
      const schema = operation.requestBody?.content['application/json']?.schema;
      const query = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
      return {
        method: method.toUpperCase(),
        portal: operation['x-posthorn-portal'],
        path,
        query: query.map(({ name }) => name),
        fields: schema ? fieldsOf(document, schema) : null,
      };
    }),
  );
}

function fieldsOf(document: Document, schema: Schema): string[] {
  const name = schema.$ref?.split('/').at(-1);
  const resolved = name === undefined ? schema : (document.components.schemas[name] ?? {});
  const variants = (resolved.oneOf ?? []).flatMap((variant) => fieldsOf(document, variant));
  return [...new Set([...Object.keys(resolved.properties ?? {}), ...variants])];
}
