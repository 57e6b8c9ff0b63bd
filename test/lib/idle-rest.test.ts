import { IdleRest } from '../../src/lib/idle-rest.js';

describe('IdleRest', () => {
  it('is brief while there was something lately', () => {
    const rest = new IdleRest(250, 1_000, 60_000);
    expect(rest.ms).toBe(250);
  });

  it('is long when there was nothing for a while, and brief again afterwards', () => {
    const rest = new IdleRest(250, 1_000, 0);
    expect(rest.ms).toBe(1_000);
    const other = new IdleRest(250, 1_000, 60_000);
    other.found();
    expect(other.ms).toBe(250);
  });
});
