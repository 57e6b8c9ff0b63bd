import { Type, type Static, type TProperties } from 'typebox';
import { family } from './family.js';
import { Id, NullableText, orNull, Quantity, Text } from './fields.js';
import { Lead } from './lead.js';

/** Whom an email went to, as far as it takes to recognise the lead. */
const Recipient = Type.Pick(Lead, ['id', 'email', 'first_name', 'last_name', 'company']);

/** The campaign it belongs to; null for an email written by hand. */
const CampaignReference = orNull(Type.Object({ id: Id, name: Text }));

/** One email of a sequence. */
const Email = Type.Object({
  id: Id,
  message_id: NullableText,
  /** The step of the sequence, from 1. */
  sequence_number: Quantity,
  subject: NullableText,
  body: NullableText,
  from: Text,
  to: Text,
  to_name: NullableText,
});

function about<Fields extends TProperties>(fields: Fields) {
  return Type.Object({ lead: Recipient, campaign: CampaignReference, email: Email, ...fields });
}

const AboutEmail = about({});
const AboutUnsubscription = Type.Object({ lead: Recipient, campaign: CampaignReference });

const email: Static<typeof AboutEmail> = {
  lead: {
    id: 'e106db1f-aba3-40ba-97a7-507b54757ef8',
    email: 'jean.moreau@atelier-nord.example',
    first_name: 'Jean',
    last_name: 'Moreau',
    company: 'Atelier Nord',
  },
  campaign: { id: '0f1e7a52-6c1d-4d0b-9a3c-5be1f3a70d11', name: 'Furniture makers, spring' },
  email: {
    id: 'c1b5f0d2-70a4-4b8e-9f61-3a2d5e8c7b40',
    message_id: '<c1b5f0d2@mail.atelier.example>',
    sequence_number: 1,
    subject: 'Forty desks by June?',
    body: '<p>Bonjour Jean, congratulations on the new workshop.</p>',
    from: 'ada@posthorn.example',
    to: 'jean.moreau@atelier-nord.example',
    to_name: 'Jean Moreau',
  },
};

export const emailEvents = family('Email', {
  'email.send': {
    description: 'An email was sent to a lead. The first of its sequence has `email.sequence_number` 1.',
    schema: AboutEmail,
    example: email,
  },
  'email.open': { description: 'A lead opened an email.', schema: AboutEmail, example: email },
  'email.click': {
    description: 'A lead followed a link in an email.',
    schema: about({ url: Type.String() }),
    example: { ...email, url: 'https://posthorn.example/desks' },
  },
  'email.reply': {
    description: 'A lead answered an email.',
    schema: about({
      reply: Type.Object({ subject: NullableText, body: NullableText, preview: NullableText }),
    }),
    example: {
      ...email,
      reply: {
        subject: 'Re: Forty desks by June?',
        body: '<p>Sixty, please.</p>',
        preview: 'Sixty, please.',
      },
    },
  },
  'email.bounce': {
    description: 'An email could not be delivered.',
    schema: about({ reason: NullableText }),
    example: { ...email, reason: '550 5.1.1 The address does not exist.' },
  },
  'lead.unsubscribe': {
    description: 'A lead asked for no more emails.',
    schema: AboutUnsubscription,
    example: { lead: email.lead, campaign: email.campaign },
  },
});
