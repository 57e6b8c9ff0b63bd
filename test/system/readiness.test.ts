import { setImmediate as tick } from 'node:timers/promises';
import { HealthCheck } from '../../src/system/health-check.js';
import { ReadinessService } from '../../src/system/readiness.service.js';

class Counting extends HealthCheck {
  readonly name = 'counting';
  asked = 0;

  async check(): Promise<void> {
    this.asked += 1;
    await tick();
  }
}

it('what is asked by many at the same moment is checked once, and by the next one anew', async () => {
  const check = new Counting();
  const readiness = new ReadinessService([check]);
  for (const times of [1, 2]) {
    const answers = await Promise.all(Array.from({ length: 50 }, () => readiness.read()));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill('ok'));
    expect(check.asked).toBe(times);
  }
  readiness.stop();
  expect(await readiness.read()).toMatchObject({ status: 'unavailable' });
  expect(check.asked).toBe(2);
});
