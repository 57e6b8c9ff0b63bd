import { Module } from '@nestjs/common';
import { BodiesService } from './bodies.service.js';

/** Bodies of requests that are not of the usual form. */
@Module({ providers: [BodiesService], exports: [BodiesService] })
export class BodiesModule {}
