import { Module } from '@nestjs/common';
import { PeopleService } from './people.service.js';
import { SessionLookup } from './session-lookup.js';
import { SessionsService } from './sessions.service.js';
import { SignInService } from './sign-in.service.js';

/** Who may sign in, and who has. */
@Module({
  providers: [PeopleService, SessionLookup, SessionsService, SignInService],
  exports: [PeopleService, SessionLookup, SessionsService, SignInService],
})
export class PeopleModule {}
