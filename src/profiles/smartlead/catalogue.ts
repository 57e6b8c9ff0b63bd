import { byExample } from '../examples.js';
import type { EventType } from '../profile.js';

/** Whom nearly all examples are about. */
export const campaign = { campaign_name: 'Q1 Outreach', campaign_id: 123 };
const from = { from_email: 'sender@yourcompany.com' };
const to = { to_email: 'lead@example.com', to_name: 'John Doe' };

const sent = {
  ...from,
  ...to,
  time_sent: '2025-01-15T09:00:00Z',
  ...campaign,
  sequence_number: 1,
  custom_subject: 'Quick question about Acme Corp',
  custom_email_message: '<html>Email body content...</html>',
  message_id: 'abc123def456',
};

const reply = {
  type: 'REPLY',
  time: '2025-01-15T11:00:00Z',
  email_body: '<html>Thanks for reaching out...</html>',
};

const categoryUpdated = {
  lead_id: 789,
  lead_email: 'lead@example.com',
  lead_name: 'John',
  lead_data: {
    email: 'lead@example.com',
    first_name: 'John',
    last_name: 'Doe',
    phone_number: '+1234567890',
    company_name: 'Acme Corp',
    website: 'https://acmecorp.com',
    location: 'San Francisco, CA',
    custom_fields: {},
    linkedin_profile: 'https://linkedin.com/in/johndoe',
    company_url: 'https://acmecorp.com',
    category: { name: 'Interested', sentiment_type: 'positive' },
  },
  category: 'Interested',
  lead_category_id: 5,
  ...campaign,
  from: 'sender@yourcompany.com',
  to: 'lead@example.com',
  history: [
    {
      type: 'SENT',
      time: '2025-01-15T09:00:00Z',
      email_body: '<html>...</html>',
      subject: 'Quick question',
    },
    reply,
  ],
  lastReply: reply,
};

// The guide of another generation shows it; the documents this profile follows only describe it.
const manualStep = {
  lead_name: '',
  lead_id: '138084',
  lead_email: 'lead@example.com',
  sent_message_ids: ['<id@example.com>'],
  campaign_status: 'ACTIVE',
  campaign_name: 'test56778',
  client_id: null,
  campaign_id: 353,
  current_sequence_number: 1,
  secret_key: 'e0207d40-84ef-4ad6-89eb-7dbff8c0138d',
  app_url: 'https://app.smartlead.ai/app/email-campaign/353/lead-list',
  description: 'Manual step reached for Campaign - test56778 and lead email - lead@example.com',
  metadata: { webhook_created_at: '2024-04-12T13:51:26.269Z' },
  webhook_url: 'https://webhook.site/05076ec5-99ab-4277-b223-293df0b402e9',
  webhook_id: 94,
  webhook_name: 'test',
};

const account = 'sender@example.com';
const disconnected = {
  accountId: 139919,
  email: account,
  error: 'SMTP Failure - Host unavialable',
  appUrl: 'https://app.smartlead.ai/app/email-account/139919/error-state',
  title: `Email account ${account} needs attention`,
  message:
    `Hey ..., One of your sender accounts -> ${account} got disconnected with error - SMTP Failure - ` +
    'Host unavialable. ...',
};

/** What a campaign's webhooks can ask for. */
const campaignEvents: EventType[] = [
  ...byExample('Email', {
    EMAIL_SENT: { description: 'Triggered when an email is successfully sent to a lead.', example: sent },
    FIRST_EMAIL_SENT: {
      description: 'Triggered only when the first email in a sequence is sent to a lead.',
      example: sent,
    },
    EMAIL_OPEN: {
      description: 'Triggered when a lead opens your email (tracking pixel loads).',
      example: { ...from, ...to, time_opened: '2025-01-15T10:30:00Z', ...campaign, sequence_number: 1 },
    },
    EMAIL_LINK_CLICK: {
      description: 'Triggered when a lead clicks a tracked link in your email.',
      example: {
        ...from,
        ...to,
        time_clicked: '2025-01-15T10:45:00Z',
        link_clicked: ['https://example.com/demo'],
        ...campaign,
        sequence_number: 1,
      },
    },
    EMAIL_REPLY: {
      description: 'Triggered when a lead replies to your email.',
      example: {
        ...from,
        subject: 'Re: Quick question about Acme Corp',
        ...to,
        time_replied: '2025-01-15T11:00:00Z',
        reply_body: "<html>Thanks for reaching out. I'm interested...</html>",
        preview_text: "Thanks for reaching out. I'm interested...",
        ...campaign,
        client_id: 456,
        sequence_number: 1,
      },
    },
    EMAIL_BOUNCE: {
      description: 'Triggered when an email bounces (delivery fails).',
      example: {
        ...from,
        ...to,
        time_bounced: '2025-01-15T09:01:00Z',
        ...campaign,
        sequence_number: 1,
        is_bounced: true,
        bounce_message: { message_id: 'abc123def456', text: '550 5.1.1 The address does not exist.' },
      },
    },
  }),
  ...byExample('Lead', {
    LEAD_UNSUBSCRIBED: {
      description: 'Triggered when a lead clicks the unsubscribe link.',
      example: {
        lead_email: 'lead@example.com',
        lead_name: 'John Doe',
        ...campaign,
        unsubscribed_client_id_map: {},
      },
    },
    LEAD_CATEGORY_UPDATED: {
      description: "Triggered when a lead's category changes (manual or auto-categorization).",
      example: categoryUpdated,
    },
  }),
  ...byExample('Campaign', {
    CAMPAIGN_STATUS_CHANGED: {
      description: "Triggered when a campaign's status changes (e.g., started, paused, completed).",
      example: { ...campaign, campaign_status: 'ACTIVE' },
    },
  }),
  ...byExample('Email', {
    UNTRACKED_REPLIES: {
      description:
        "Triggered when an untracked reply is received - a reply that doesn't match a known lead in the campaign.",
      example: {
        from_email: 'colleague@example.com',
        subject: 'Re: Quick question about Acme Corp',
        to_email: 'sender@yourcompany.com',
        time_replied: '2025-01-15T11:00:00Z',
        reply_body: '<html>John left. I took over...</html>',
        preview_text: 'John left. I took over...',
        ...campaign,
      },
    },
  }),
  ...byExample('Campaign', {
    MANUAL_STEP_REACHED: {
      description: 'Triggered when a lead reaches a manual step in the email sequence.',
      example: manualStep,
    },
  }),
];

/** What only the user's own settings ask for, apart from every campaign. */
const accountEvents = byExample('Account', {
  EMAIL_ACCOUNT_DISCONNECTED: {
    description: 'Triggered when a sending email account is disconnected (SMTP/IMAP failure).',
    example: disconnected,
  },
  LINKEDIN_DISCONNECTED: {
    description: 'Triggered when a LinkedIn cookie becomes invalid.',
    example: {
      ...disconnected,
      error: 'LinkedIn cookie is invalid',
      appUrl: 'https://app.smartlead.ai/app/linkedin-account/139919/error-state',
      title: `LinkedIn account ${account} needs attention`,
      message: `Hey ..., Your LinkedIn account -> ${account} got disconnected. ...`,
    },
  },
});

/** The 13 events of its document, in its order. `event_type` is the body's, not the data's. */
export const smartleadCatalogue: EventType[] = [...campaignEvents, ...accountEvents];

/** The 11 that `event_type_map` may name. */
export const CAMPAIGN_EVENTS: ReadonlySet<string> = new Set(campaignEvents.map(({ name }) => name));

/** What their other documents, and clients written after them, call the same events. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  EMAIL_SENT: ['SENT'],
  FIRST_EMAIL_SENT: ['FIRST_SENT'],
  EMAIL_OPEN: ['OPENED', 'OPEN', 'EMAIL_OPENED', 'LEAD_OPENED'],
  EMAIL_LINK_CLICK: [
    'CLICKED',
    'CLICK',
    'EMAIL_CLICK',
    'EMAIL_CLICKED',
    'EMAIL_LINK_CLICKED',
    'LEAD_CLICKED',
  ],
  EMAIL_REPLY: ['REPLIED', 'REPLY', 'EMAIL_REPLIED', 'LEAD_REPLIED'],
  EMAIL_BOUNCE: ['BOUNCED', 'BOUNCE', 'EMAIL_BOUNCED', 'LEAD_BOUNCED'],
  LEAD_UNSUBSCRIBED: ['UNSUBSCRIBED', 'UNSUBSCRIBE', 'LEAD_UNSUBSCRIBE', 'EMAIL_UNSUBSCRIBED'],
  LEAD_CATEGORY_UPDATED: ['CATEGORY_UPDATED', 'LEAD_CATEGORY_UPDATE'],
  CAMPAIGN_STATUS_CHANGED: ['CAMPAIGN_STATUS_CHANGE', 'CAMPAIGN_STATUS_UPDATED'],
  UNTRACKED_REPLIES: ['UNTRACKED_REPLY'],
  MANUAL_STEP_REACHED: ['MANUAL_STEP'],
};

const namesOfOthers = new Map(
  Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.map((other) => [other, name] as const)),
);

/** The event of a campaign that a request means, by any generation's name; null: there is none. */
export function campaignEventOf(name: unknown): string | null {
  if (typeof name !== 'string') return null;
  return CAMPAIGN_EVENTS.has(name) ? name : (namesOfOthers.get(name) ?? null);
}

export const ACCOUNT_EVENTS: ReadonlySet<string> = new Set(accountEvents.map(({ name }) => name));
