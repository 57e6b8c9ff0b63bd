import { Injectable, type OnModuleInit } from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { ACCESS } from './access-rule.js';

/** Stops the boot of an application with a route that declares no access. */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const unguarded = this.discovery.getControllers().flatMap(({ metatype }) => {
      if (typeof metatype !== 'function') return [];
      const prototype = metatype.prototype as Record<string, () => unknown>;
      return this.scanner
        .getAllMethodNames(prototype)
        .filter((name) => Reflect.hasMetadata(PATH_METADATA, prototype[name] as object))
        .filter(
          (name) => !this.reflector.getAllAndOverride(ACCESS, [prototype[name] as () => unknown, metatype]),
        )
        .map((name) => `${metatype.name}.${name}`);
    });
    if (unguarded.length === 0) return;
    throw new Error(`Routes without @SpaceScope, @AdminOnly, @AnyKey or @Public: ${unguarded.join(', ')}.`);
  }
}
