import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Program } from '../support/program.js';

describe('npm run demo', () => {
  it('delivers every native event to three endpoints, checks itself and leaves nothing behind', async () => {
    const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('posthorn-demo-'));
    const before = leftovers();
    const demo = Program.run('demo/main.js', {}, tmpdir());
    const code = await demo.ended;
    expect(demo.output).toContain('Everything was delivered, verified and accounted for.');
    expect(demo.output).toMatch(/lead\.create +recovering +\d+ +succeeded +\d+ ms/);
    expect(code).toBe(0);
    expect(leftovers()).toEqual(before);
  }, 90_000);
});
