import { Module } from '@nestjs/common';
import { RateStore } from '../database/rate-store.js';
import { PeopleModule } from '../people/people.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { IdentityProvider } from './identity-provider.js';
import { Mailer } from './mailer.js';
import { PeopleController } from './people.controller.js';
import { SessionsController } from './sessions.controller.js';
import { SignInController } from './sign-in.controller.js';
import { SignInLinkController } from './sign-in-link.controller.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { SpacePeopleController } from './space-people.controller.js';

/** People, their roles and their sessions over HTTP, and how they sign in. */
@Module({
  imports: [PeopleModule, SpacesModule],
  controllers: [
    PeopleController,
    SpacePeopleController,
    SessionsController,
    SignInController,
    SignInLinkController,
  ],
  providers: [IdentityProvider, Mailer, SignInThrottle, RateStore],
})
export class PeopleApiModule {}
