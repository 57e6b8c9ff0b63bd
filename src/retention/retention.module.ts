import { Module } from '@nestjs/common';
import { ArchiverService } from '../archive/archiver.service.js';
import { PartitionKeeper } from './partition-keeper.js';

/** Daily partitions, made ahead of time and dropped after the retention period. Every process runs it. */
@Module({ providers: [PartitionKeeper, ArchiverService] })
export class RetentionModule {}
