import type { Equivalent, FieldPair } from '../equivalents.js';

const contact: FieldPair[] = [
  { native: 'id', theirs: 'contact.id' },
  { native: ['first_name', 'last_name'], joined: true, theirs: 'contact.full_name', otherwise: null },
  { native: 'email', theirs: 'contact.email', otherwise: null },
  { native: 'created_at', theirs: 'contact.created_at', as: 'seconds' },
];

/** The lead of an event about something else. */
const lead: FieldPair[] = [
  { native: 'lead.id', theirs: 'contact.id' },
  {
    native: ['lead.first_name', 'lead.last_name'],
    joined: true,
    theirs: 'contact.full_name',
    otherwise: null,
  },
  { native: 'lead.email', theirs: 'contact.email', otherwise: null },
];

const campaign: FieldPair[] = [
  { native: 'id', theirs: 'campaign.id' },
  { native: 'name', theirs: 'campaign.name' },
  { native: 'status', theirs: 'campaign.status' },
  { native: 'created_at', theirs: 'campaign.created_at', as: 'seconds' },
];

const email: FieldPair[] = [
  { native: ['campaign.id', '@scope.campaignId'], theirs: 'campaign.id', otherwise: null },
  { native: 'campaign.name', theirs: 'campaign.name', otherwise: null },
  ...lead,
  { native: 'email.id', theirs: 'email.id' },
  { native: 'email.subject', theirs: 'email.subject' },
  { native: 'email.sequence_number', theirs: 'email.sequence_number' },
];

const reply: FieldPair[] = [
  { native: 'reply.subject', theirs: 'reply.subject' },
  { native: 'reply.preview', theirs: 'reply.preview' },
];

const list: FieldPair[] = [
  { native: 'id', theirs: 'list.id' },
  { native: 'name', theirs: 'list.name' },
  { native: 'created_at', theirs: 'list.created_at', as: 'seconds' },
];

const listOfLead: FieldPair[] = [
  { native: 'to.id', theirs: 'list.id' },
  { native: 'to.name', theirs: 'list.name' },
  { native: 'to.created_at', theirs: 'list.created_at', as: 'seconds' },
];

export const leadlexEquivalents: Equivalent[] = [
  { native: 'lead.create', theirs: 'contact.created', fields: contact },
  { native: 'lead.update', theirs: 'contact.updated', fields: contact },
  { native: 'lead.delete', theirs: 'contact.deleted', fields: contact },
  { native: 'campaign.create', theirs: 'campaign.created', fields: campaign },
  {
    native: 'campaign.update',
    theirs: 'campaign.started',
    when: { path: 'status', is: ['active', 'started', 'running'] },
    fields: campaign,
  },
  {
    native: 'campaign.update',
    theirs: 'campaign.completed',
    when: { path: 'status', is: ['completed', 'finished'] },
    fields: campaign,
  },
  { native: 'email.send', theirs: 'campaign.email_sent', fields: email },
  { native: 'email.open', theirs: 'campaign.email_opened', fields: email },
  { native: 'email.reply', theirs: 'campaign.email_replied', fields: [...email, ...reply] },
  { native: 'list.create', theirs: 'list.created', fields: list },
  { native: 'list.update', theirs: 'list.updated', fields: list },
  {
    native: 'lead.list.update',
    theirs: 'list.contact_added',
    needs: 'to',
    fields: [...listOfLead, ...lead],
  },
];
