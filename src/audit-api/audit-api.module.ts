import { Module } from '@nestjs/common';
import { PeopleModule } from '../people/people.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { AuditController } from './audit.controller.js';
import { AuditLogService } from './audit-log.service.js';

/** Reads of the audit log. It is written by the services that change things. */
@Module({
  imports: [PeopleModule, SpacesModule],
  controllers: [AuditController],
  providers: [AuditLogService],
})
export class AuditApiModule {}
