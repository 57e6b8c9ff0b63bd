import type { ScenarioEvent } from './scenario-event.js';

type Json = Record<string, unknown>;

/** Smartlead tells the emails of before in its events about a category: those of the story. */
export function withConversation(events: ScenarioEvent[]): ScenarioEvent[] {
  const dataOf = (type: string): Json => (events.find((event) => event.type === type)?.data ?? {}) as Json;
  const { time_sent, custom_email_message, custom_subject } = dataOf('EMAIL_SENT');
  const { time_replied, reply_body } = dataOf('EMAIL_REPLY');
  const sent = { type: 'SENT', time: time_sent, email_body: custom_email_message, subject: custom_subject };
  const lastReply = { type: 'REPLY', time: time_replied, email_body: reply_body };
  return events.map((event) =>
    'history' in event.data
      ? { ...event, data: { ...event.data, history: [sent, lastReply], lastReply } }
      : event,
  );
}
