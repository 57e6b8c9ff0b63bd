import { Module } from '@nestjs/common';
import { ArchiverService } from './archiver.service.js';

/** The archive of finished days. Every process has it; one at a time writes. */
@Module({ providers: [ArchiverService], exports: [ArchiverService] })
export class ArchiveModule {}
