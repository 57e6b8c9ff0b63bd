// Stands for @nestjs/platform-fastify, which a host on Express has not: the decorator sets what that looks for.
import { SetMetadata } from '@nestjs/common';

export const RouteConfig = (config) => SetMetadata('__fastify_route_config__', config);

/** Never constructed: the host's adapter is used instead. */
export const FastifyAdapter = undefined;

/** Stands for http/docs.ts: the API in an application describes itself to nobody. */
export const serveDocs = () => undefined;
