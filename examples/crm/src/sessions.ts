import { randomBytes } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';

export interface User {
  email: string;
  account: string;
  company: string;
}

export interface SessionRequest {
  headers: { cookie?: string };
  user: User;
}

/** The people of this example, who sign in with a click; yours have passwords. */
export const USERS: Record<string, User> = {
  ann: { email: 'ann@acme.example', account: 'acme', company: 'Acme Ltd' },
  bob: { email: 'bob@globex.example', account: 'globex', company: 'Globex' },
};

@Injectable()
export class Sessions {
  private readonly users = new Map<string, User>();

  /** The cookie of a new session. */
  begin(user: User): string {
    const token = randomBytes(24).toString('hex');
    this.users.set(token, user);
    return `crm=${token}; Path=/; HttpOnly; SameSite=Lax`;
  }

  find(cookies: string | undefined): User | undefined {
    const token = /(?:^|; )crm=([0-9a-f]{48})/.exec(cookies ?? '')?.[1];
    return token === undefined ? undefined : this.users.get(token);
  }
}

/** Lets signed-in people in, to the CRM's own API and to Posthorn's. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: Sessions) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<SessionRequest>();
    const user = this.sessions.find(request.headers.cookie);
    if (!user) throw new UnauthorizedException('Sign in first.');
    request.user = user;
    return true;
  }
}
