import type { Command } from 'commander';
import { Context } from './context.js';

interface PortalLink {
  id: string;
  scope: string;
  createdAt: string;
  expiresAt: string;
}

/** `posthorn portal-links …` */
export function addPortalLinkCommands(program: Command): void {
  const links = program
    .command('portal-links')
    .alias('links')
    .description('links that open one space in the portal without a key');
  links
    .command('list')
    .description('list valid links')
    .action(async (_options, command: Command) => {
      const context = new Context(command);
      const page = await context.client.list<PortalLink>(context.inSpace('/portal-links?limit=250'));
      context.table(page, ['ID', 'SCOPE', 'CREATED', 'EXPIRES'], (link) => [
        ...[link.id, link.scope, link.createdAt, link.expiresAt],
      ]);
    });
  links
    .command('create')
    .description('create a link; its URL is shown only once')
    .option('--scope <scope>', 'read: view only; manage: view and change', 'read')
    .option('--expires <seconds>', 'seconds until it expires, 60 to 86400', '3600')
    .action(async ({ scope, expires }: { scope: string; expires: string }, command: Command) => {
      const context = new Context(command);
      const body = { scope, expiresInSeconds: Number(expires) };
      context.show(await context.client.call<PortalLink>('POST', context.inSpace('/portal-links'), body));
    });
  links
    .command('revoke <link>')
    .description('revoke a link')
    .action(async (link: string, _options, command: Command) => {
      const context = new Context(command);
      await context.client.call('DELETE', context.inSpace(`/portal-links/${encodeURIComponent(link)}`));
      context.printSentence(`Link ${link} is revoked.`);
    });
}
