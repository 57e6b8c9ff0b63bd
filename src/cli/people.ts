import type { Command } from 'commander';
import { Context } from './context.js';

interface Person {
  id: string;
  email: string;
  name: string | null;
  role: string | null;
  adminBySetting: boolean;
  spaces: { spaceId: string; role: string }[];
  signedInAt: string | null;
}

interface Session {
  id: string;
  email: string | null;
  way: string;
  seenAt: string;
  expiresAt: string;
  ip: string | null;
}

const PERSON = 'their usr_ id or mail address';

/** `posthorn people …` */
export function addPeopleCommands(program: Command): void {
  const people = program.command('people').description('people who sign in to the dashboard (admin key)');
  people
    .command('list')
    .description('list people and their roles')
    .option('--search <text>', 'part of an address or a name')
    .option('--removed', 'list people who were removed but not erased')
    .action(async ({ search, removed }: { search?: string; removed?: true }, command: Command) => {
      const context = new Context(command);
      const query = new URLSearchParams({
        limit: '250',
        ...(search !== undefined && { q: search }),
        ...(removed && { removed: 'true' }),
      });
      const page = await context.client.list<Person>(`/v1/people?${query.toString()}`);
      context.table(page, ['ID', 'MAIL', 'NAME', 'ROLE', 'SPACES', 'SIGNED IN'], (person) => [
        ...[person.id, person.email, person.name, person.role],
        ...[person.spaces.map(({ spaceId, role }) => `${spaceId}=${role}`).join(' '), person.signedInAt],
      ]);
    });
  people
    .command('add <email>')
    .description('add a person, who can then sign in')
    .option('--role <role>', 'viewer, support, operator or admin, in all spaces')
    .option('--name <name>', 'what to call them')
    .option('--invite', 'send them an invitation by mail')
    .action(
      async (email: string, options: { role?: string; name?: string; invite?: true }, command: Command) => {
        const context = new Context(command);
        context.show(await context.client.call<Person>('POST', '/v1/people', { email, ...options }));
      },
    );
  addRoleCommand(people);
  people
    .command('remove <person>')
    .description('remove somebody; their sessions end at once')
    .option('--erase', 'also delete their address and name, in the audit log, too')
    .action(async (person: string, { erase }: { erase?: true }, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', `${pathOf(person)}${erase ? '?erase=true' : ''}`);
      context.printSentence(`${person} is ${erase ? 'erased' : 'removed'}.`);
    });
  addSessionCommands(people);
}

function addRoleCommand(people: Command): void {
  people
    .command('role <person> <role>')
    .description(`set a role in all spaces, or in one with --space; "none" removes it (<person>: ${PERSON})`)
    .action(async (person: string, role: string, _options, command: Command) => {
      const context = new Context(command);
      const { space } = command.optsWithGlobals<{ space?: string }>();
      const none = role === 'none';
      if (space === undefined) {
        const body = { role: none ? null : role };
        return context.show(await context.client.call<Person>('PATCH', pathOf(person), body));
      }
      const path = context.inSpace(`/people/${encodeURIComponent(person)}`);
      await context.client.call(none ? 'DELETE' : 'PUT', path, none ? undefined : { role });
      context.printSentence(`${person} has ${none ? 'no role' : `the role ${role}`} in ${space}.`);
    });
}

function addSessionCommands(people: Command): void {
  people
    .command('sessions')
    .description('list where people are signed in')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.list<Session>('/v1/sessions?limit=250');
      context.table(page, ['ID', 'MAIL', 'BY', 'SEEN', 'UNTIL', 'FROM'], (session) => [
        ...[session.id, session.email, session.way, session.seenAt, session.expiresAt, session.ip],
      ]);
    });
  people
    .command('end-session <session>')
    .description('sign somebody out')
    .action(async (session: string, _options, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', `/v1/sessions/${encodeURIComponent(session)}`);
      context.printSentence(`Session ${session} has ended.`);
    });
}

function pathOf(person: string): string {
  return `/v1/people/${encodeURIComponent(person)}`;
}
