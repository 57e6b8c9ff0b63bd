/** One thing that happens to a lead, in native words. */
export interface StoryStep {
  native: string;
  /** How long before the end of the story. */
  minutesBefore: number;
  /** What is other than in the catalogue's example. */
  tells?: Record<string, unknown>;
}

const begin: StoryStep[] = [
  { native: 'lead.create', minutesBefore: 180 },
  { native: 'email.send', minutesBefore: 120 },
];
const open: StoryStep = { native: 'email.open', minutesBefore: 30 };
const click: StoryStep = { native: 'email.click', minutesBefore: 15 };
const reply: StoryStep = { native: 'email.reply', minutesBefore: 10 };

const note = (content: string): StoryStep => ({
  native: 'lead.note.create',
  minutesBefore: 0,
  tells: { note: { content } },
});

/** What happens to one lead, in order. */
export const STORIES = {
  reply: [...begin, open, reply, note('Answered the first email.')],
  bounce: [
    ...begin,
    { native: 'email.bounce', minutesBefore: 119 },
    { native: 'lead.update', minutesBefore: 118, tells: { email_bounce_score: 100 } },
  ],
  unsubscribe: [
    ...begin,
    open,
    { native: 'lead.unsubscribe', minutesBefore: 10 },
    note('Asked for no more emails.'),
  ],
  'hot-lead': [
    ...begin,
    open,
    click,
    reply,
    { native: 'lead.status.update', minutesBefore: 5, tells: { to: { name: 'Interested' } } },
    { native: 'lead.task.create', minutesBefore: 0 },
  ],
} satisfies Record<string, StoryStep[]>;

export type StoryName = keyof typeof STORIES;
