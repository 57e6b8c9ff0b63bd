import type { Equivalent, FieldPair } from '../equivalents.js';

const lead: FieldPair[] = [
  { native: 'lead.id', theirs: 'leadId' },
  { native: 'lead.email', theirs: 'leadEmail' },
  { native: 'lead.first_name', theirs: 'leadFirstName' },
  { native: 'lead.last_name', theirs: 'leadLastName' },
  { native: 'lead.company', theirs: 'leadCompanyName' },
];

/** Absent where there is no campaign. */
const campaign: FieldPair[] = [
  { native: ['campaign.id', '@scope.campaignId'], theirs: 'campaignId' },
  { native: 'campaign.name', theirs: 'campaignName' },
];

const step: FieldPair[] = [
  { native: 'email.id', theirs: 'emailId' },
  { native: 'email.sequence_number', theirs: 'sequenceStep', as: 'fromZero' },
  { native: 'email.from', theirs: 'sendUserEmail' },
];

const email: FieldPair[] = [...lead, ...campaign, ...step, { native: 'email.subject', theirs: 'subject' }];

/** Clients find the answer's text in these; no page of theirs lists them. */
const reply: FieldPair[] = [
  ...lead,
  ...campaign,
  ...step,
  { native: ['reply.subject', 'email.subject'], theirs: 'subject' },
  { native: 'reply.body', theirs: 'text' },
  { native: 'reply.preview', theirs: 'messagePreview' },
];

const note: FieldPair[] = [
  ...lead,
  { native: 'note.content', theirs: 'note' },
  { native: 'note.id_author', theirs: 'userId' },
];

export const lemlistEquivalents: Equivalent[] = [
  // One that a person wrote by hand is not in a campaign, so there is no activity.
  { native: 'email.send', theirs: 'emailsSent', needs: 'campaign', fields: email },
  { native: 'email.open', theirs: 'emailsOpened', fields: email },
  {
    native: 'email.click',
    theirs: 'emailsClicked',
    fields: [...email, { native: 'url', theirs: 'linkUrl' }],
  },
  { native: 'email.reply', theirs: 'emailsReplied', fields: reply },
  {
    native: 'email.bounce',
    theirs: 'emailsBounced',
    fields: [...email, { native: 'reason', theirs: 'bounceReason' }],
  },
  { native: 'lead.unsubscribe', theirs: 'emailsUnsubscribed', fields: [...lead, ...campaign] },
  { native: 'lead.note.create', theirs: 'annotated', fields: note },
  {
    native: 'lead.status.update',
    theirs: 'manualInterested',
    when: { path: 'to.name', is: ['Interested', 'interested'] },
    fields: lead,
  },
  {
    native: 'lead.status.update',
    theirs: 'manualNotInterested',
    when: { path: 'to.name', is: ['Not interested', 'Not Interested', 'not_interested', 'notInterested'] },
    fields: lead,
  },
  {
    native: 'campaign.update',
    theirs: 'campaignComplete',
    when: { path: 'status', is: ['completed', 'finished'] },
    fields: [
      { native: 'id', theirs: 'campaignId' },
      { native: 'name', theirs: 'campaignName' },
    ],
  },
];
