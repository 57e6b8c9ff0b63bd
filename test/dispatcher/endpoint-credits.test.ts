import { SOON } from '../../src/deliveries/handover-messages.js';
import { EndpointCredits, NOT_LEASED } from '../../src/dispatcher/scheduler/endpoint-credits.js';

describe('what a worker lets others lease to it', () => {
  it('is as much as leaves soon, in equal parts for all publishers', () => {
    const credits = new EndpointCredits();
    expect(credits.note('a', 0, 32)).toBe(true);
    expect(credits.grant(() => 32, 3)).toEqual([['a', 11]]);
    expect(credits.grant(() => 32, 3)).toEqual([]);
  });

  it('is nothing for an endpoint that has not accepted anything, until it has', () => {
    const credits = new EndpointCredits();
    expect(credits.note('a', 0, NOT_LEASED)).toBe(false);
    expect(credits.grant(() => NOT_LEASED, 1)).toEqual([]);
    credits.note('a', 0, NOT_LEASED);
    expect(credits.grant(() => 8, 1)).toEqual([['a', 8]]);
  });

  it('is renewed when half of it has come', () => {
    const credits = new EndpointCredits();
    credits.note('a', 0, 8);
    credits.grant(() => 8, 1);
    expect(credits.note('a', 3, 8)).toBe(false);
    expect(credits.grant(() => 8, 1)).toEqual([]);
    expect(credits.note('a', 1, 8)).toBe(true);
    expect(credits.grant(() => 7, 1)).toEqual([['a', 7]]);
  });

  it('is taken back once when the endpoint has failed', () => {
    const credits = new EndpointCredits();
    credits.note('a', 0, 8);
    credits.grant(() => 8, 1);
    expect(credits.note('a', 1, NOT_LEASED)).toBe(true);
    expect(credits.grant(() => NOT_LEASED, 1)).toEqual([['a', 0]]);
    expect(credits.note('a', 1, NOT_LEASED)).toBe(false);
    expect(credits.grant(() => NOT_LEASED, 1)).toEqual([]);
  });

  it('is not renewed while there is no room, which is said once, and as soon as there is', () => {
    const credits = new EndpointCredits();
    credits.note('a', 0, 8);
    credits.grant(() => 8, 1);
    expect(credits.note('a', 8, 0)).toBe(true);
    expect(credits.grant(() => 0, 1)).toEqual([['a', SOON]]);
    expect(credits.note('a', 1, 0)).toBe(false);
    expect(credits.grant(() => 0, 1)).toEqual([]);
    expect(credits.isWaiting).toBe(true);
    expect(credits.grant(() => 4, 1)).toEqual([['a', 4]]);
    expect(credits.isWaiting).toBe(false);
  });

  it('is announced as soon to come when a flood came through the queue before there was any', () => {
    const credits = new EndpointCredits();
    expect(credits.note('a', 0, 0)).toBe(true);
    expect(credits.grant(() => 0, 1)).toEqual([['a', SOON]]);
    // More came through the queue: somebody did not hear it.
    expect(credits.note('a', 0, 0)).toBe(true);
    expect(credits.grant(() => 0, 1)).toEqual([['a', SOON]]);
    expect(credits.grant(() => 300, 1)).toEqual([['a', 300]]);
  });

  it('is said again to a publisher that does not know it', () => {
    const credits = new EndpointCredits();
    credits.note('a', 0, 8);
    credits.grant(() => 8, 1);
    // It came through the queue: a message was lost.
    expect(credits.note('a', 0, 8)).toBe(false);
    expect(credits.grant(() => 8, 1)).toEqual([['a', 8]]);
    credits.forget();
    expect(credits.note('a', 1, 8)).toBe(true);
  });
});
