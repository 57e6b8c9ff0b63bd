import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CliFailure } from './cli-failure.js';

/** Removes what is set. */
const NONE = 'none';

/** What a command says of the credentials for an endpoint. They are in files: a shell's history keeps arguments. */
interface CredentialFiles {
  clientCert?: string | undefined;
  clientKey?: string | undefined;
  oauth2?: string | undefined;
}

/** Adds the options. */
export function withCredentials(command: Command): Command {
  return command
    .option('--client-cert <file>', 'a PEM file with a client certificate for mTLS, or "none"')
    .option('--client-key <file>', 'the PEM file with the private key of the certificate')
    .option(
      '--oauth2 <file>',
      'a JSON file with tokenUrl, clientId, clientSecret and, if wanted, scope, audience, authMethod; or "none"',
    );
}

/** As the API takes it. Throws CliFailure when a file cannot be read. */
export function credentialsOf({ clientCert: cert, clientKey: key, oauth2: client }: CredentialFiles): object {
  if (cert !== NONE && (cert === undefined) !== (key === undefined))
    throw new CliFailure(['Give --client-cert and --client-key together.']);
  return {
    ...(cert === NONE && { clientCertificate: null }),
    ...(cert !== undefined &&
      cert !== NONE &&
      key !== undefined && { clientCertificate: { certificate: read(cert), key: read(key) } }),
    ...(client !== undefined && { oauth2: client === NONE ? null : parse(client) }),
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CliFailure([`${file} cannot be read.`]);
  }
}

function parse(file: string): unknown {
  try {
    return JSON.parse(read(file));
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure([`${file} is not valid JSON.`]);
  }
}
