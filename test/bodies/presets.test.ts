import type { Message } from '../../src/bodies/message.js';
import { PRESETS } from '../../src/bodies/presets.js';

it('a message shows the first ten values of the data, and no more', () => {
  const data = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`field${n}`, n]));
  const message = { type: 'a.b', data: JSON.stringify(data) } as Message;
  const { text } = PRESETS.slack(message) as { text: string };
  expect(text.split('\n')).toEqual(['*a.b*', ...Array.from({ length: 10 }, (_, n) => `• field${n}: ${n}`)]);
});

it('a message has the numbers of the data as they were published', () => {
  const data = '{"id":9007199254740993,"list":[1497549923779084388,1],"rate":0.10000000000000000001}';
  const { text } = PRESETS.slack({ type: 'a.b', data } as Message) as { text: string };
  expect(text.split('\n').slice(1)).toEqual([
    '• id: 9007199254740993',
    '• list: [1497549923779084388,1]',
    '• rate: 0.10000000000000000001',
  ]);
});
