import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { ModulesContainer } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Every route of the application that is no GET, `POST /v1/spaces/:space/keys`: those of provider APIs, too. */
export function mutatingRoutes(api: NestFastifyApplication): string[] {
  const controllers = [...api.get(ModulesContainer).values()].flatMap((module) => [
    ...module.controllers.values(),
  ]);
  const routes = controllers.flatMap(({ metatype }) => {
    const prototype = (metatype as unknown as { prototype: object }).prototype;
    const base = Reflect.getMetadata(PATH_METADATA, metatype as object) as string;
    return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) => {
      const handler: unknown = value;
      if (name === 'constructor' || typeof handler !== 'function') return [];
      if (!Reflect.hasMetadata(PATH_METADATA, handler)) return [];
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as number] ?? '';
      const path = Reflect.getMetadata(PATH_METADATA, handler) as string;
      return [`${method} /${[base, path].map(trimmed).filter(Boolean).join('/')}`];
    });
  });
  return [...new Set(routes)].filter((route) => !route.startsWith('GET ')).sort();
}

function trimmed(path: string): string {
  return path.replace(/^\/|\/$/g, '');
}
