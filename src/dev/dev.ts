import { consoleHasColour } from '../config/console-colour.js';
import { loadEnvFile } from '../config/env-file.js';
import { readSettings, VARIABLES } from '../config/read-settings.js';
import type { Settings } from '../config/settings.js';
import { publicId } from '../core/ids.js';
import { ApiClient } from './api-client.js';
import { attemptLine } from './attempt-line.js';
import { ensureDemoSpace, resumePaused } from './demo-space.js';
import { readDevArguments } from './dev-arguments.js';
import { openProvider, playProvider, providerGreeting, type Play } from './provider.js';
import { failsFirst, startDemoReceiver, type DemoReceiver } from './receiver.js';
import { showHeld } from './held-lines.js';
import { familySamples } from './samples.js';
import { AttemptFeed } from '../dispatcher/settle/attempt-feed.js';
import { runUntilStopped, type Running } from '../app/run-until-stopped.js';
import { startPosthorn, type Posthorn } from '../app/start.js';

/**
 * `npm run dev`: the engine, a space to play in and a receiver that shows what it does. With `--as <profile>` it is
 * that provider instead. For this machine only.
 */

const SPACE = 'demo';

interface Dev extends Running {
  show: () => Promise<void>;
}

// As in `npm run dev | head`: with nobody to read it, there is nothing to show.
process.stdout.once('error', () => process.kill(process.pid, 'SIGTERM'));

/** Runs `npm run dev` until it is stopped. */
export const runDev = () => runUntilStopped(start, ({ show }) => show());

async function start(): Promise<Dev> {
  const { as, ...play } = readDevArguments(process.argv.slice(2));
  for (const problem of loadEnvFile(VARIABLES)) console.error(`posthorn: ${problem}`);
  const settings = readSettings();
  if (as !== null) return startProvider(settings, as, play);
  const receiver = await startDemoReceiver({
    healthy: () => 200,
    recovering: failsFirst(2),
    failing: () => 500,
  });
  try {
    const posthorn = await startPosthorn(Object.assign(settings, forThisMachine(settings)));
    let stopWatching = () => {};
    const show = async () => {
      stopWatching = await showDemo(posthorn, receiver);
    };
    const stop = async () => {
      stopWatching();
      await posthorn.stop();
      await receiver.close();
    };
    return { show, stop, lost: posthorn.lost };
  } catch (error) {
    await receiver.close();
    throw error;
  }
}

/** A provider's webhooks on this machine, with nobody listening yet: that is the integrator's part. */
async function startProvider(settings: Settings, profile: string, play: Play): Promise<Dev> {
  const posthorn = await startPosthorn(Object.assign(settings, forThisMachine(settings)));
  let stopPlaying = () => {};
  const show = async () => {
    const url = posthorn.url ?? '';
    const api = new ApiClient(url, posthorn.settings.adminKey);
    const provider = await openProvider(api, profile);
    await printAttempts(posthorn, api, provider.space);
    console.log(providerGreeting(url, provider, play));
    stopPlaying = playProvider(provider, play);
  };
  const stop = async () => {
    stopPlaying();
    await posthorn.stop();
  };
  return { show, stop, lost: posthorn.lost };
}

/** What may never hold in production: http, and endpoints on this machine. */
function forThisMachine({ allowTargets, logLevel }: Settings): Partial<Settings> {
  return {
    role: 'all',
    allowHttp: true,
    testReceiver: true,
    allowTargets: [...allowTargets, '127.0.0.0/8', '::1/128'],
    shutdownGraceMs: 2_000,
    // The attempts are the show; the engine's own log speaks up when something is wrong.
    logLevel: logLevel === 'info' ? 'warn' : logLevel,
  };
}

/** Gives what ends the lines about held deliveries. */
async function showDemo(posthorn: Posthorn, receiver: DemoReceiver): Promise<() => void> {
  const url = posthorn.url ?? '';
  const { adminKey } = posthorn.settings;
  const api = new ApiClient(url, adminKey);
  const endpoint = (uid: string, description: string, retrySchedule: number[]) => ({
    ...{ uid, description, retrySchedule, url: receiver.urlOf(uid) },
  });
  await ensureDemoSpace(api, SPACE, [
    endpoint('healthy', 'Answers 200.', [5, 30, 300]),
    endpoint('recovering', 'Fails twice, then answers 200.', [2, 5, 30]),
    endpoint('failing', 'Always answers 500.', [3, 10, 30]),
  ]);
  console.log(greeting(url, adminKey));
  await printAttempts(posthorn, api, SPACE);
  await resumePaused(api, SPACE);
  await api.call('POST', `/v1/spaces/${SPACE}/events`, await familySamples(api));
  return showHeld(api, SPACE, (line) => console.log(line));
}

function greeting(url: string, key: string): string {
  const header = `-H 'authorization: Bearer ${key}'`;
  const event = `{"type":"lead.create","data":{"id":"lead-1","first_name":"Ada"}}`;
  return `
  Posthorn runs on ${url}   (reference: ${url}/docs)
  Dashboard: ${url}/#token=${key}
  Admin key: ${key}

  Publish an event:
  curl -X POST ${url}/v1/spaces/${SPACE}/events ${header} -H 'content-type: application/json' -d '${event}'

  See its deliveries:
  curl '${url}/v1/spaces/${SPACE}/deliveries?limit=3' ${header}

  Three endpoints listen: healthy, recovering (fails twice) and failing. Every attempt is a line; Ctrl-C stops.
`;
}

async function printAttempts(posthorn: Posthorn, api: ApiClient, space: string): Promise<void> {
  const colour = consoleHasColour();
  const names = new Map<string, string>();
  const learnNames = async () => {
    const path = `/v1/spaces/${space}/subscriptions?limit=250`;
    const { data } = await api.get<{ data: { id: string; uid: string | null }[] }>(path);
    for (const { id, uid } of data) names.set(id, uid ?? id);
  };
  await learnNames();
  posthorn.worker?.get(AttemptFeed).onAttempt((notice) => {
    const id = publicId('sub', notice.subscriptionId);
    console.log(attemptLine(notice, names.get(id) ?? new URL(notice.url).host, new Date(), colour));
    if (!names.has(id)) void learnNames().catch(() => undefined);
  });
}
