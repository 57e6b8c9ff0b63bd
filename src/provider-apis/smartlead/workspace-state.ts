import { campaign } from '../../profiles/smartlead/catalogue.js';

/** Outreach data that clients list before they make a webhook. It never changes: there is no outreach product here. */

const CREATED = '2025-01-10T08:00:00.000Z';

export const CATEGORIES = [
  'Meeting Request',
  'Information Request',
  'Not Interested',
  'Do Not Contact',
  'Interested',
  'Out Of Office',
  'Wrong Person',
].map((name, index) => ({ id: index + 1, created_at: CREATED, name }));

/** The first is the one that sample events are about. */
export const CAMPAIGNS = [
  campaignOf(campaign.campaign_id, campaign.campaign_name, 'ACTIVE'),
  campaignOf(124, 'Q2 Follow-up', 'PAUSED'),
  campaignOf(125, 'Autumn event', 'DRAFTED'),
];

export const LEADS = [
  leadOf(789, 'lead@example.com', 'John', 'Doe', 'Acme Corp', 'INPROGRESS', 5),
  leadOf(790, 'lead1@example.com', 'Mary', 'Miller', 'Miller & Sons', 'STARTED', null),
  leadOf(791, 'lead2@example.com', 'Ali', 'Khan', 'Khan Logistics', 'COMPLETED', 3),
];

function campaignOf(id: number, name: string, status: string) {
  return {
    id,
    user_id: 1,
    created_at: CREATED,
    updated_at: CREATED,
    status,
    name,
    track_settings: [],
    scheduler_cron_value: null,
    min_time_btwn_emails: 10,
    max_leads_per_day: 100,
    stop_lead_settings: 'REPLY_TO_AN_EMAIL',
    unsubscribe_text: '',
    client_id: null,
    enable_ai_esp_matching: false,
    send_as_plain_text: false,
    follow_up_percentage: 100,
  };
}

function leadOf(
  id: number,
  email: string,
  first_name: string,
  last_name: string,
  company_name: string,
  status: string,
  lead_category_id: number | null,
) {
  return {
    campaign_lead_map_id: id + 10_000,
    status,
    created_at: CREATED,
    lead_category_id,
    lead: {
      id,
      first_name,
      last_name,
      email,
      phone_number: null,
      company_name,
      website: null,
      location: null,
      custom_fields: {},
      linkedin_profile: null,
      company_url: null,
      is_unsubscribed: false,
    },
  };
}
