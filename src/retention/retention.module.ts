import { Module } from '@nestjs/common';
import { ArchiveModule } from '../archive/archive.module.js';
import { PartitionKeeper } from './partition-keeper.js';

/** Daily partitions, made ahead of time and dropped after the retention period. Every process runs it. */
@Module({ imports: [ArchiveModule], providers: [PartitionKeeper] })
export class RetentionModule {}
