import type { Equivalent, FieldPair } from '../equivalents.js';

// What a documented body has and the event does not tell is filled in when the body is made: see wire.ts.

const campaign: FieldPair[] = [
  { native: 'campaign.name', theirs: 'campaign_name' },
  { native: ['campaign.id', '@scope.campaignId'], theirs: 'campaign_id', as: 'number' },
];

const step: FieldPair = { native: 'email.sequence_number', theirs: 'sequence_number' };

const sender: FieldPair = { native: 'email.from', theirs: 'from_email' };

const recipient: FieldPair[] = [
  { native: ['email.to', 'lead.email'], theirs: 'to_email' },
  { native: 'email.to_name', theirs: 'to_name' },
];

const time = (theirs: string): FieldPair => ({ native: '@occurredAt', theirs, as: 'seconds' });

const sent: FieldPair[] = [
  sender,
  ...recipient,
  time('time_sent'),
  ...campaign,
  step,
  { native: 'email.subject', theirs: 'custom_subject' },
  { native: 'email.body', theirs: 'custom_email_message' },
  { native: 'email.message_id', theirs: 'message_id' },
];

const lead: FieldPair[] = [
  { native: 'lead.email', theirs: 'lead_email' },
  { native: ['lead.first_name', 'lead.last_name'], joined: true, theirs: 'lead_name' },
];

const categorized: FieldPair[] = [
  { native: 'lead.id', theirs: 'lead_id', as: 'number' },
  ...lead,
  { native: 'lead.email', theirs: 'lead_data.email', otherwise: null },
  { native: 'lead.first_name', theirs: 'lead_data.first_name', otherwise: null },
  { native: 'lead.last_name', theirs: 'lead_data.last_name', otherwise: null },
  { native: 'lead.phone', theirs: 'lead_data.phone_number', otherwise: null },
  { native: 'lead.company', theirs: 'lead_data.company_name', otherwise: null },
  { native: 'lead.website_url', theirs: 'lead_data.website', otherwise: null },
  { native: 'lead.city', theirs: 'lead_data.location', otherwise: null },
  { native: 'lead.custom_fields', theirs: 'lead_data.custom_fields', otherwise: {} },
  { native: 'lead.linkedin_url', theirs: 'lead_data.linkedin_profile', otherwise: null },
  { native: [], theirs: 'lead_data.company_url', otherwise: null },
  { native: 'to.name', theirs: 'lead_data.category.name' },
  { native: [], theirs: 'lead_data.category.sentiment_type', otherwise: null },
  { native: 'to.name', theirs: 'category' },
  { native: 'to.id', theirs: 'lead_category_id', as: 'number' },
  ...campaign,
  { native: 'lead.email', theirs: 'to' },
];

/**
 * A stage of the pipeline stands for a category. Whatever changed a campaign that has a status reads as a change of it.
 */
export const smartleadEquivalents: Equivalent[] = [
  { native: 'email.send', theirs: 'EMAIL_SENT', fields: sent },
  {
    native: 'email.send',
    theirs: 'FIRST_EMAIL_SENT',
    when: { path: 'email.sequence_number', is: [1] },
    fields: sent,
  },
  {
    native: 'email.open',
    theirs: 'EMAIL_OPEN',
    fields: [sender, ...recipient, time('time_opened'), ...campaign, step],
  },
  {
    native: 'email.click',
    theirs: 'EMAIL_LINK_CLICK',
    fields: [
      sender,
      ...recipient,
      time('time_clicked'),
      { native: 'url', theirs: 'link_clicked', as: 'list' },
      ...campaign,
      step,
    ],
  },
  {
    native: 'email.reply',
    theirs: 'EMAIL_REPLY',
    fields: [
      sender,
      { native: ['reply.subject', 'email.subject'], theirs: 'subject' },
      ...recipient,
      time('time_replied'),
      { native: 'reply.body', theirs: 'reply_body' },
      { native: 'reply.preview', theirs: 'preview_text' },
      ...campaign,
      { native: '@scope.clientId', theirs: 'client_id', as: 'number' },
      step,
    ],
  },
  {
    native: 'email.bounce',
    theirs: 'EMAIL_BOUNCE',
    fields: [
      sender,
      ...recipient,
      time('time_bounced'),
      ...campaign,
      step,
      { native: [], theirs: 'is_bounced', otherwise: true },
      { native: 'email.message_id', theirs: 'bounce_message.message_id' },
      { native: 'reason', theirs: 'bounce_message.text' },
    ],
  },
  {
    native: 'lead.unsubscribe',
    theirs: 'LEAD_UNSUBSCRIBED',
    fields: [...lead, ...campaign, { native: [], theirs: 'unsubscribed_client_id_map', otherwise: {} }],
  },
  { native: 'lead.status.update', theirs: 'LEAD_CATEGORY_UPDATED', needs: 'to', fields: categorized },
  {
    native: 'campaign.update',
    theirs: 'CAMPAIGN_STATUS_CHANGED',
    needs: 'status',
    fields: [
      { native: 'name', theirs: 'campaign_name' },
      { native: ['id', '@scope.campaignId'], theirs: 'campaign_id', as: 'number' },
      { native: 'status', theirs: 'campaign_status', as: 'capitals' },
    ],
  },
];
