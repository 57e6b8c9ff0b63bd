import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { Settings } from '../config/settings.js';

/** A mail server that does not answer is given up after this time, milliseconds. */
const TIMEOUT_MS = 10_000;
/** Mails under way at the same time; what comes on top is not sent. */
const MAX_WAITING = 100;

export interface Mail {
  to: string;
  subject: string;
  /** Plain text: nothing in it can be taken for markup, and links are seen as they are. */
  text: string;
}

/** Sends mails in the background: how long one takes tells nobody whether there was one. */
@Injectable()
export class Mailer implements OnApplicationShutdown {
  private readonly logger = new Logger('mail');
  private readonly waiting = new Set<Promise<void>>();
  private transport: Promise<Transporter> | undefined;

  constructor(private readonly settings: Settings) {}

  get isThere(): boolean {
    return this.settings.smtpUrl !== '';
  }

  /** `make` gives the mail, or null where none is to be sent. */
  send(make: () => Promise<Mail | null>): void {
    if (!this.isThere || this.waiting.size >= MAX_WAITING) return;
    const sending = this.deliver(make)
      // The log must not have the address.
      .catch((error: unknown) => {
        this.logger.error(`A mail was not sent: ${codeOf(error)}`);
      })
      .finally(() => this.waiting.delete(sending));
    this.waiting.add(sending);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.waiting);
    (await this.transport?.catch(() => undefined))?.close();
  }

  private async deliver(make: () => Promise<Mail | null>): Promise<void> {
    const mail = await make();
    if (!mail) return;
    const transport = await (this.transport ??= this.open());
    const { to, subject, text } = mail;
    // As an object it is one address, even with commas in it.
    await transport.sendMail({ from: this.settings.mailFrom, to: { name: '', address: to }, subject, text });
  }

  private async open(): Promise<Transporter> {
    const { createTransport } = await import('nodemailer');
    const url = new URL(this.settings.smtpUrl);
    const isOwnMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    return createTransport({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (url.protocol === 'smtps:' ? 465 : 587) : Number(url.port),
      secure: url.protocol === 'smtps:',
      // Somebody who reads a link on its way could sign in with it.
      requireTLS: url.protocol === 'smtp:' && !isOwnMachine,
      ...(url.username !== '' && {
        auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) },
      }),
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  }
}

/** A mail server's message may quote the address. */
function codeOf(error: unknown): string {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  return [code, responseCode].filter((part) => part !== undefined).join(' ') || 'unknown reason';
}
