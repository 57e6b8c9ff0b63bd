import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { parseExactly } from '../lib/exact-number.js';
import type { RequestFormat } from '../core/request-format.js';
import { formText } from './form-text.js';
import type { Message, Rendered } from './message.js';
import { PRESETS } from './presets.js';
import { TemplateRunner } from './template-runner.js';

const NO_FORM = 'A form needs an object of at most 10,000 values';

/** Renders the bodies of subscriptions whose requests are not of the usual form. */
@Injectable()
export class BodiesService implements OnApplicationShutdown {
  private readonly templates = new TemplateRunner();

  /** `owner`: the space. The same message gives the same bytes. Never throws for what a template does. */
  async render(owner: string, format: RequestFormat, message: Message): Promise<Rendered> {
    const { body, template, contentType } = format;
    if (body === 'template') return this.renderTemplate(owner, template ?? '', contentType, message);
    if (body === 'envelope' || body === 'data') {
      const text = body === 'data' ? message.data : message.envelope.toString();
      return contentType === 'form' ? asForm(parseExactly(text)) : { body: Buffer.from(text) };
    }
    return { body: Buffer.from(JSON.stringify(PRESETS[body](message))) };
  }

  /** Null: the text is a template. Else what is wrong with it. */
  async problemOf(owner: string, template: string): Promise<string | null> {
    const result = await this.templates.run(owner, { template, message: null });
    return 'error' in result ? result.error : null;
  }

  onApplicationShutdown(): void {
    this.templates.close();
  }

  private async renderTemplate(
    owner: string,
    template: string,
    contentType: RequestFormat['contentType'],
    { envelope: _none, ...message }: Message,
  ): Promise<Rendered> {
    const result = await this.templates.run(owner, { template, message });
    if ('error' in result) return result;
    return contentType === 'form' ? asForm(JSON.parse(result.text)) : { body: Buffer.from(result.text) };
  }
}

function asForm(value: unknown): Rendered {
  const text = formText(value);
  return text === null ? { error: NO_FORM } : { body: Buffer.from(text) };
}
