import { byExample } from '../examples.js';
import type { EventType } from '../profile.js';

const contact = {
  id: '789e0123-e45b-67c8-a901-234567890abc',
  full_name: 'Jane Doe',
  email: 'jane@example.com',
  created_at: '2026-02-24T10:00:00Z',
};
const campaign = {
  id: '3f0c8d52-91ab-4c60-8e1d-7a6b5c4d3e2f',
  name: 'Q1 Outreach',
  status: 'draft',
  created_at: '2026-02-20T09:00:00Z',
};
const started = { ...campaign, status: 'active' };
const email = {
  campaign: { id: campaign.id, name: campaign.name },
  contact: { id: contact.id, full_name: contact.full_name, email: contact.email },
  email: {
    id: 'b7a1c2d3-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
    subject: 'A question about desks',
    sequence_number: 1,
  },
};
const task = { id: 'c8b2d3e4-5f60-4b7c-9d8e-0f1a2b3c4d5e', title: 'Write to Jane Doe', status: 'pending' };
const list = {
  id: 'd9c3e4f5-6071-4c8d-ae9f-1a2b3c4d5e6f',
  name: 'Spring fair',
  created_at: '2026-02-18T08:00:00Z',
};

/** The 16 events its document names. Only the data of `contact.created` is public; the others follow its manner. */
export const leadlexCatalogue: EventType[] = [
  ...byExample('Contact Events', {
    'contact.created': { description: 'New contact added', example: { contact } },
    'contact.updated': { description: 'Contact information changed', example: { contact } },
    'contact.deleted': { description: 'Contact removed', example: { contact } },
  }),
  ...byExample('Campaign Events', {
    'campaign.created': { description: 'New campaign created', example: { campaign } },
    'campaign.started': { description: 'Campaign launched', example: { campaign: started } },
    'campaign.completed': {
      description: 'Campaign finished',
      example: { campaign: { ...campaign, status: 'completed' } },
    },
    'campaign.email_sent': { description: 'Individual email sent', example: email },
    'campaign.email_opened': { description: 'Recipient opened email', example: email },
    'campaign.email_replied': {
      description: 'Recipient replied',
      example: { ...email, reply: { subject: 'Re: A question about desks', preview: 'Sixty, please.' } },
    },
  }),
  ...byExample('Lexi AI Events', {
    'lexi.task_created': { description: 'Lexi created a new task requiring approval', example: { task } },
    'lexi.task_approved': {
      description: 'Task was approved',
      example: { task: { ...task, status: 'approved' } },
    },
    'lexi.task_completed': {
      description: 'Task execution finished',
      example: { task: { ...task, status: 'completed' } },
    },
    'lexi.task_failed': {
      description: 'Task execution failed',
      example: { task: { ...task, status: 'failed' }, error: 'The mailbox refused the message.' },
    },
  }),
  ...byExample('List Events', {
    'list.created': { description: 'New list created', example: { list } },
    'list.updated': { description: 'List modified', example: { list } },
    'list.contact_added': { description: 'Contact added to list', example: { list, contact } },
  }),
];
