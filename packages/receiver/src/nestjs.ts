import {
  createParamDecorator,
  HttpException,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { lastValueFrom, of, type Observable } from 'rxjs';
import { rawBodyOf, type NodeRequest } from './node.js';
import type { Receiver } from './receiver.js';
import type { WebhookEvent } from './verify.js';

const events = new WeakMap<object, WebhookEvent>();

/** The verified event, as a parameter of a route that `webhookInterceptor` guards. */
export const ReceivedWebhook = createParamDecorator((_: unknown, context: ExecutionContext) =>
  events.get(context.switchToHttp().getRequest()),
);

/**
 * Lets a route handle genuine events only, each once: `@UseInterceptors(webhookInterceptor(receiver))`. The
 * application must keep the bytes: `NestFactory.create(AppModule, { rawBody: true })`.
 */
export function webhookInterceptor(receiver: Receiver): NestInterceptor {
  return {
    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const request = context.switchToHttp().getRequest<NodeRequest>();
      let result: unknown;
      const body = () => rawBodyOf(request, receiver.maxBytes);
      const { status, text } = await receiver.receive({ headers: request.headers, body }, async (event) => {
        events.set(request, event);
        result = await lastValueFrom(next.handle(), { defaultValue: undefined });
      });
      if (status >= 300) throw new HttpException(text, status);
      return of(result);
    },
  };
}
