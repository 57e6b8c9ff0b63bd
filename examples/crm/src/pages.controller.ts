import { readFileSync } from 'node:fs';
import { Body, Controller, Get, Header, Post, Res, UnprocessableEntityException } from '@nestjs/common';
import { Sessions, USERS } from './sessions.js';

const file = (name: string) => readFileSync(new URL(`../public/${name}`, import.meta.url), 'utf8');

/** The CRM's pages: plain HTML. */
@Controller()
export class PagesController {
  constructor(private readonly sessions: Sessions) {}

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  leads(): string {
    return file('index.html');
  }

  /** With Posthorn's portal in a frame: the endpoints of the account that is signed in, and nothing else. */
  @Get('settings')
  @Header('content-type', 'text/html; charset=utf-8')
  settings(): string {
    return file('settings.html');
  }

  @Get('crm.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  script(): string {
    return file('crm.js');
  }

  @Get('crm.css')
  @Header('content-type', 'text/css; charset=utf-8')
  style(): string {
    return file('crm.css');
  }

  @Post('sign-in')
  signIn(
    @Body() { name }: { name: string },
    @Res({ passthrough: true }) response: { header: (name: string, value: string) => unknown },
  ): { email: string } {
    const user = Object.hasOwn(USERS, name) ? USERS[name] : undefined;
    if (!user)
      throw new UnprocessableEntityException(`Nobody is called so here: ${Object.keys(USERS).join(', ')}.`);
    response.header('set-cookie', this.sessions.begin(user));
    return { email: user.email };
  }
}
