import { byExample } from '../examples.js';
import type { EventType } from '../profile.js';

const team = { teamId: 'tea_8QvkOiBfPdb2ZRhHi', createdAt: '2025-10-27T20:20:59.696Z' };
const user = {
  sendUserId: 'usr_EvXz6JqPSJJL9lHkp',
  sendUserEmail: 'ada@posthorn.example',
  sendUserName: 'Ada Lindqvist',
};
const campaign = { campaignId: 'cam_oxeGg6paG3ZVxjHkH', campaignName: 'Furniture makers, spring' };

type Example = (type: string) => object;

/** What happened to a lead in a campaign: the fields its public pages list and their examples show. */
const activity: Example = (type) => ({
  _id: 'act_x6esGLhoPa2SMHCZ7',
  type,
  isFirst: true,
  ...team,
  bot: false,
  leadId: 'lea_wj47uWhDbbN6Qq6oT',
  ...campaign,
  sequenceId: 'seq_ODjsLXkxXiySRw6dK',
  stepId: 'stp_Jt2LwZ7bYkQmC4vRd',
  sequenceStep: 1,
  totalSequenceStep: 1,
  createdBy: 'usr_EvXz6JqPSJJL9lHkp',
  ...user,
  name: campaign.campaignName,
  leadFirstName: 'Jean',
  leadLastName: 'Moreau',
  leadEmail: 'jean.moreau@atelier-nord.example',
  leadCompanyName: 'Atelier Nord',
  contactId: 'ctc_FkeUdQHEfhqG2HMbK',
  metaData: {
    teamId: team.teamId,
    campaignId: campaign.campaignId,
    leadId: 'lea_wj47uWhDbbN6Qq6oT',
    type,
    createdBy: 'usr_EvXz6JqPSJJL9lHkp',
  },
  sequenceTested: 'A',
});

const email: Example = (type) => ({
  ...activity(type),
  subject: 'Forty desks by June?',
  emailTemplateId: 'etp_z3nAbjdHuewVEjIl5',
  emailTemplateName: 'Blank',
});

const reply: Example = (type) => ({
  ...email(type),
  subject: 'Re: Forty desks by June?',
  text: '<p>Sixty, please.</p>',
  messagePreview: 'Sixty, please.',
});

/** Clients read the link, the reason and the profile under these names; no page of theirs lists them. */
const click: Example = (type) => ({ ...email(type), linkUrl: 'https://posthorn.example/desks' });

const bounce: Example = (type) => ({
  ...email(type),
  bounceReason: '550 5.1.1 The address does not exist.',
});

const linkedin: Example = (type) => ({
  ...activity(type),
  linkedinUrl: 'https://www.linkedin.com/in/jean-moreau-atelier-nord',
});

/** Its public example has no campaign and no lead, but a company. */
const note: Example = (type) => ({
  _id: 'act_j0NrG6rYEPP9TMmWC',
  ...team,
  companyId: 'cpn_Qf4CJuUrNUNmHm6uZ',
  type,
  note: 'Prefers mornings. Wants prices for forty desks.',
  sendUserId: user.sendUserId,
  userId: user.sendUserId,
});

const ofCampaign: Example = (type) => ({ _id: 'act_pM5dY2fKzR8cVtW3n', type, ...team, ...campaign });

const ofTeam: Example = (type) => ({ _id: 'act_Lq9sXb4uHg7eNj2Ta', type, ...team, ...user });

const enrichment: Example = (type) => ({ type, data: [{ id: 'enr_V6yBn3mKc8wPzQ5dL' }] });

/** Examples of other than the usual shape. Where only the fields all have are documented, there are no others. */
const SHAPES: Record<string, Example> = {
  attracted: click,
  emailsClicked: click,
  emailsReplied: reply,
  emailsBounced: bounce,
  annotated: note,
  campaignComplete: ofCampaign,
  customDomainErrors: ofTeam,
  connectionIssue: ofTeam,
  sendLimitReached: ofTeam,
  lemwarmPaused: ofTeam,
  enrichmentDone: enrichment,
  enrichmentError: enrichment,
  inboxLabelUpdated: ofTeam,
  signalRegistered: ofTeam,
  deliverabilityAlertTriggered: ofTeam,
};

/** The 75 events of its document, by family. */
const FAMILIES: Record<string, Record<string, string>> = {
  'Lead state groups': {
    contacted: 'Lead was contacted (email sent, LinkedIn message, API call, etc.)',
    hooked: 'Lead opened a message (email, LinkedIn, WhatsApp)',
    attracted: 'Lead clicked a link or accepted a LinkedIn invite',
    warmed: 'Lead replied (email, LinkedIn, WhatsApp, SMS)',
    interested: 'Lead marked as interested',
    notInterested: 'Lead marked as not interested',
  },
  'Email activities': {
    emailsSent: 'Email sent',
    emailsOpened: 'Email opened',
    emailsClicked: 'Link clicked in email',
    emailsReplied: 'Email replied',
    emailsBounced: 'Email bounced',
    emailsFailed: 'Email failed to send',
    emailsInterested: 'Lead marked as interested via email',
    emailsNotInterested: 'Lead marked as not interested via email',
    emailsUnsubscribed: 'Lead unsubscribed via email',
  },
  'LinkedIn activities': {
    linkedinSent: 'LinkedIn message sent',
    linkedinOpened: 'LinkedIn message opened',
    linkedinReplied: 'LinkedIn message replied',
    linkedinInterested: 'Lead marked as interested via LinkedIn',
    linkedinNotInterested: 'Lead marked as not interested via LinkedIn',
    linkedinSendFailed: 'LinkedIn message failed to send',
    linkedinVisitDone: 'LinkedIn profile visit completed',
    linkedinVisitFailed: 'LinkedIn profile visit failed',
    linkedinFollowDone: 'LinkedIn follow completed',
    linkedinFollowFailed: 'LinkedIn follow failed',
    linkedinFollowSkipped: 'LinkedIn follow skipped',
    linkedinInviteDone: 'LinkedIn invite sent',
    linkedinInviteFailed: 'LinkedIn invite failed',
    linkedinInviteAccepted: 'LinkedIn invite accepted',
    linkedinEndorseDone: 'LinkedIn endorsement completed',
    linkedinEndorseFailed: 'LinkedIn endorsement failed',
    linkedinEndorseSkipped: 'LinkedIn endorsement skipped',
    linkedinVoiceNoteDone: 'LinkedIn voice note sent',
    linkedinVoiceNoteFailed: 'LinkedIn voice note failed',
    linkedinLikeLastPostDone: 'LinkedIn like last post completed',
    linkedinLikeLastPostNoPost: 'LinkedIn like last post — no post found',
    linkedinLikeLastPostFailed: 'LinkedIn like last post failed',
    linkedinWithdrawInvitationDone: 'LinkedIn invite withdrawn',
    linkedinWithdrawInvitationFailed: 'LinkedIn invite withdrawal failed',
  },
  'WhatsApp activities': {
    whatsappMessageSent: 'WhatsApp message sent',
    whatsappMessageDelivered: 'WhatsApp message delivered',
    whatsappMessageOpened: 'WhatsApp message opened',
    whatsappReplied: 'WhatsApp message replied',
    whatsappMessageFailed: 'WhatsApp message failed',
  },
  'SMS activities': {
    smsSent: 'SMS sent',
    smsDelivered: 'SMS delivered',
    smsReplied: 'SMS replied',
    smsFailed: 'SMS failed',
  },
  'Call activities': {
    aircallCreated: 'Call created',
    aircallEnded: 'Call ended',
    aircallDone: 'Call task completed',
    aircallInterested: 'Lead marked as interested via call',
    aircallNotInterested: 'Lead marked as not interested via call',
    callRecordingDone: 'Call recording ready',
    callTranscriptDone: 'Call transcript ready',
  },
  'API activities': {
    apiDone: 'API step executed',
    apiInterested: 'Lead marked as interested via API',
    apiNotInterested: 'Lead marked as not interested via API',
    apiFailed: 'API step failed',
  },
  'Manual activities': {
    manualInterested: 'Lead marked as interested manually',
    manualNotInterested: 'Lead marked as not interested manually',
  },
  'Task activities': {
    annotated: 'Lead annotated',
  },
  'Workspace activities': {
    paused: 'Lead paused',
    resumed: 'Lead resumed',
    stopped: 'Lead stopped',
    campaignComplete: 'Campaign completed',
    customDomainErrors: 'Custom domain error detected',
    connectionIssue: 'Email account connection issue',
    sendLimitReached: 'Daily send limit reached',
    lemwarmPaused: 'Lemwarm paused',
  },
  Enrichment: {
    enrichmentDone: 'Enrichment completed',
    enrichmentError: 'Enrichment failed',
  },
  'Inbox activities': {
    inboxLabelUpdated: 'Inbox conversation label changed',
  },
  Watchlists: {
    signalRegistered: 'New signal detected on a watchlist',
  },
  'Deliverability hub': {
    deliverabilityAlertTriggered: 'Deliverability alert triggered',
  },
};

function exampleOf(type: string): object {
  if (type.startsWith('linkedin')) return linkedin(type);
  const shape = SHAPES[type] ?? (type.startsWith('emails') ? email : activity);
  return shape(type);
}

export const lemlistCatalogue: EventType[] = Object.entries(FAMILIES).flatMap(([family, events]) =>
  byExample(
    family,
    Object.fromEntries(
      Object.entries(events).map(([name, description]) => [name, { description, example: exampleOf(name) }]),
    ),
  ),
);

/** Types that are no longer, and what its document says to use. */
export const REMOVED_TYPES: Readonly<Record<string, string>> = {
  skipped: 'There is no replacement.',
  emailsSendFailed: 'Use emailsFailed instead.',
  opportunitiesDone: 'Use annotated or task-level webhooks instead.',
};
