import { Webhook } from 'standardwebhooks';
import type { Received } from '../dev/receiver.js';

/** A request with the answer it got. */
export interface Answered extends Received {
  status: number;
  /** Whether the stock Standard Webhooks library accepted it. */
  verified: boolean;
}

/** Keeps every request, and checks each as a customer's receiver would: with the stock library. */
export class VerifyingLog {
  readonly requests: Answered[] = [];
  private readonly webhooks = new Map<string, Webhook>();

  learnSecret(endpoint: string, secret: string): void {
    this.webhooks.set(endpoint, new Webhook(secret));
  }

  /** Keeps the request and gives the status on. */
  add(request: Received, status: number): number {
    this.requests.push({ ...request, status, verified: this.verify(request) });
    return status;
  }

  of(endpoint: string, eventId?: string): Answered[] {
    return this.requests.filter(
      (request) =>
        request.endpoint === endpoint && (eventId === undefined || request.headers['webhook-id'] === eventId),
    );
  }

  private verify({ endpoint, body, headers }: Received): boolean {
    try {
      this.webhooks.get(endpoint)?.verify(body, headers);
      return this.webhooks.has(endpoint);
    } catch {
      return false;
    }
  }
}
