/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { Command } from 'commander';
import { Context } from '../../src/cli/context.js';

it('what comes from outside does not steer the terminal', () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    const context = new Context(new Command());
    const text = 'a\u001b[2J\u009b1m\r\nb';
    context.table({ data: [{ text, n: 1 }], nextCursor: null }, ['TEXT', 'N'], ({ text, n }) => [text, n]);
    context.show({ text });
    context.printSentence(text);
    context.print({}, [text]);
    context.printNote(text);
    const shown = 'a\\u001b[2J\\u009b1m\\u000d\nb';
    const said = log.mock.calls.map(([line]) => line as string);
    expect(said.join(' ').match(/\p{Cc}/gu)).toEqual(Array.from({ length: 5 }, () => '\n'));
    expect(said.slice(-3)).toEqual([shown, shown, shown]);
  } finally {
    log.mockRestore();
  }
});
