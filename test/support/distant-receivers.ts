import { setTimeout as sleep } from 'node:timers/promises';
import { startRawReceiver, startReceiver } from './receiver.js';

// A program: receivers that go on while the process under test stands still. Prints their URLs as one line of JSON,
// and then a dot for each request.
// A path ends in how long the receiver thinks, milliseconds: `/hook/200`.

const waitOf = (path: string): number => Number(/\d+$/.exec(path)?.[0] ?? 0);
const tell = () => process.stdout.write('.');
const answer = ({ path }: { path: string }) => {
  tell();
  return { delayMs: waitOf(path) };
};

const plain = await startReceiver(answer);
const secure = await startReceiver(answer, 'localhost');
const hanging = await startRawReceiver(tell);
/** The body comes in two pieces, 200 ms apart. */
const slowBody = await startRawReceiver((socket) => {
  tell();
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf');
  void sleep(200).then(() => socket.write('half'));
});
/** Gives up a request that is not over within 400 ms, as servers do, and answers nothing. */
const impatient = await startRawReceiver((socket) => {
  tell();
  void sleep(400).then(() => socket.resetAndDestroy());
}, 'connect');

console.log(
  JSON.stringify({
    plain: plain.url,
    secure: secure.url.replace('127.0.0.1', 'localhost'),
    hanging: hanging.url,
    slowBody: slowBody.url,
    impatient: impatient.url,
  }),
);
