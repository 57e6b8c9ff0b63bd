#!/usr/bin/env node
import { Command } from 'commander';
import { version } from '../config/version.js';
import { addApplyCommand } from './apply.js';
import { addArchiveCommands } from './archive.js';
import { addAuditCommands } from './audit.js';
import { addDeliveryCommands } from './deliveries.js';
import { addDevCommand } from './dev.js';
import { addBroadcastCommands } from './broadcasts.js';
import { addEventCommands } from './events.js';
import { addExportCommands } from './export.js';
import { addErasureCommands } from './erasures.js';
import { CliFailure } from './cli-failure.js';
import { addImportCommands } from './import/import.js';
import { addJobCommands } from './jobs.js';
import { addOperationCommands } from './operations.js';
import { addPeopleCommands } from './people.js';
import { addPortalLinkCommands } from './portal-links.js';
import { addSpaceCommands } from './spaces.js';
import { addSubscriptionCommands } from './subscriptions.js';
import { addSystemCommand } from './system.js';
import { addTailCommand } from './tail.js';
import { visible } from './visible.js';

const program = new Command('posthorn')
  .description('Client of a Posthorn server: publish events, inspect their deliveries, fix problems.')
  .version(version)
  .option('--url <url>', 'address of the server; else POSTHORN_URL, else http://127.0.0.1:8080')
  .option('--key <key>', 'admin or space key; else POSTHORN_KEY, else the one in .posthorn/admin-key')
  .option('--space <space>', 'id or uid of the space; else POSTHORN_SPACE')
  .option('--json', "print the server's responses as JSON")
  .showHelpAfterError('(posthorn --help lists the commands)')
  .addHelpText(
    'after',
    `
Try it while \`npm run dev\` runs:
  posthorn --space demo subscriptions list
  posthorn --space demo events publish lead.create --data '{"id":"lead-1"}'
  posthorn --space demo tail`,
  );

addSpaceCommands(program);
addSubscriptionCommands(program);
addApplyCommand(program);
addEventCommands(program);
addBroadcastCommands(program);
addDeliveryCommands(program);
addTailCommand(program);
addJobCommands(program);
addExportCommands(program);
addErasureCommands(program);
addPeopleCommands(program);
addPortalLinkCommands(program);
addAuditCommands(program);
addArchiveCommands(program);
addOperationCommands(program);
addImportCommands(program);
addSystemCommand(program);
addDevCommand(program);

process.stdout.once('error', (error: NodeJS.ErrnoException) => {
  // As in `posthorn tail | head`: nobody reads any more.
  if (error.code === 'EPIPE') process.exit(0);
  console.error(`The output cannot be written: ${error.message}. It is incomplete.`);
  process.exit(1);
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CliFailure)) throw error;
  for (const line of error.lines) console.error(visible(line));
  process.exitCode = 1;
}
