import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** As it came, with its headers. */
  text: string;
}

/** A mail server on this machine, which keeps what it gets. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  url = '';
  /** Refuses mails with this answer. */
  refuses = false;
  private server!: SMTPServer;

  async open(): Promise<void> {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onAuth: ({ username, password }, _session, done) =>
        username === 'posthorn' && password === 'p@ss'
          ? done(null, { user: username })
          : done(new Error('Wrong.')),
      onRcptTo: (_address, _session, done) => (this.refuses ? done(new Error('Mailbox unknown.')) : done()),
      onData: (stream, { envelope }, done) => {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          const text = Buffer.concat(parts).toString();
          this.mails.push({ from, to: envelope.rcptTo.map(({ address }) => address), text });
          done();
        });
      },
    });
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.server.address() as AddressInfo;
    this.url = `smtp://posthorn:p%40ss@127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
