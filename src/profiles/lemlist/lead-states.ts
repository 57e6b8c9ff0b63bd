/**
 * The lead states, and the activities that lead to each. Its document names email, LinkedIn message and API call "etc."
 * for `contacted`; the others that reach out to a lead are ours to add.
 */
export const LEAD_STATES: Record<string, readonly string[]> = {
  contacted: [
    'emailsSent',
    'linkedinSent',
    'linkedinInviteDone',
    'linkedinVoiceNoteDone',
    'whatsappMessageSent',
    'smsSent',
    'aircallDone',
    'apiDone',
  ],
  hooked: ['emailsOpened', 'linkedinOpened', 'whatsappMessageOpened'],
  attracted: ['emailsClicked', 'linkedinInviteAccepted'],
  warmed: ['emailsReplied', 'linkedinReplied', 'whatsappReplied', 'smsReplied'],
  interested: [
    'emailsInterested',
    'linkedinInterested',
    'aircallInterested',
    'apiInterested',
    'manualInterested',
  ],
  notInterested: [
    'emailsNotInterested',
    'linkedinNotInterested',
    'aircallNotInterested',
    'apiNotInterested',
    'manualNotInterested',
  ],
};

const stateOf = new Map(
  Object.entries(LEAD_STATES).flatMap(([state, activities]) =>
    activities.map((activity): [string, string] => [activity, state]),
  ),
);

/** The state an activity leads to: an event of its own, each time. */
export function derive(type: string): string[] {
  const state = stateOf.get(type);
  return state === undefined ? [] : [state];
}
