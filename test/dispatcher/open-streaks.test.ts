import { OpenStreaks } from '../../src/dispatcher/settle/open-streaks.js';
import { finishedAttempt } from '../support/finished-attempt.js';

describe('failures that no success has ended', () => {
  const failure = finishedAttempt('retry');
  const success = finishedAttempt('delivered');

  it('take the next success with them, but none before or after it, and none of another endpoint', () => {
    const streaks = new OpenStreaks();
    expect(streaks.joins(success)).toBe(false);
    expect(streaks.joins(failure)).toBe(true);
    expect(streaks.joins(success)).toBe(true);
    expect(streaks.joins(finishedAttempt('delivered', { subscriptionId: 'other' }))).toBe(false);
    streaks.recordWritten([failure, success]);
    expect(streaks.joins(success)).toBe(false);
  });

  it('are open until a success is written, and all that came before it', () => {
    const streaks = new OpenStreaks();
    streaks.joins(failure);
    streaks.recordWritten([failure]);
    expect(streaks.joins(success)).toBe(true);
    expect(streaks.joins(failure)).toBe(true);
    streaks.recordWritten([success, failure]);
    expect(streaks.joins(success)).toBe(true);
    streaks.joins(success);
    streaks.recordWritten([success]);
    expect(streaks.joins(success)).toBe(true);
  });
});
