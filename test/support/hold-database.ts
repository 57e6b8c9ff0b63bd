import { DataFolder } from '../../src/database/data-folder.js';
import { EmbeddedPostgres } from '../../src/database/embedded-postgres.js';

/** A process that opens the data folder it is given, prints its database's address, and stays. */
const folder = await DataFolder.open(process.argv[2] ?? '');
const database = await EmbeddedPostgres.start(folder);
console.log(database.url);
setInterval(() => undefined, 60_000);
