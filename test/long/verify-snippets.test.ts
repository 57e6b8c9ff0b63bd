import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNIPPETS } from '../../web/src/subscriptions/snippets.js';
import type { ReceivedRequest } from '../support/receiver.js';
import { useStory } from '../support/story.js';

/** What a snippet is asked about; every driver reads it as JSON and prints `true` or `false`. */
interface Question {
  body: string;
  headers: Record<string, string>;
  secret: string;
}

interface Language {
  /** Says whether the interpreter is here. */
  version: string[];
  /** The snippet's file, and one that runs it if it does not do so itself. */
  files: (snippet: string) => Record<string, string>;
  run: string[];
  /** How the code has to join what is signed: id, timestamp and body with dots between. */
  base: RegExp;
}

const LANGUAGES: Record<string, Language> = {
  Node: {
    version: ['node', '--version'],
    files: (snippet) => ({
      'verify.mjs': snippet,
      'main.mjs': `import { readFileSync } from 'node:fs';
import { isGenuine } from './verify.mjs';
const { body, headers, secret } = JSON.parse(readFileSync(0, 'utf8'));
console.log(isGenuine(Buffer.from(body), headers, secret));`,
    }),
    run: ['node', 'main.mjs'],
    base: /\$\{id\}\.\$\{timestamp\}\.`\)\.update\(rawBody\)/,
  },
  Python: {
    version: ['python3', '--version'],
    files: (snippet) => ({
      'main.py': `${snippet}
import json, sys
asked = json.load(sys.stdin)
print(str(is_genuine(asked["body"].encode(), asked["headers"], asked["secret"])).lower())`,
    }),
    run: ['python3', 'main.py'],
    base: /f"\{id\}\.\{timestamp\}\."\.encode\(\) \+ raw_body/,
  },
  PHP: {
    version: ['php', '--version'],
    files: (snippet) => ({
      'main.php': `${snippet}
$asked = json_decode(file_get_contents('php://stdin'), true);
foreach ($asked['headers'] as $name => $value) $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] = $value;
echo is_genuine($asked['body'], $asked['secret']) ? 'true' : 'false';`,
    }),
    run: ['php', 'main.php'],
    base: /"\$id\.\$timestamp\.\$rawBody"/,
  },
  Go: {
    version: ['go', 'version'],
    files: (snippet) => ({
      'verify.go': snippet.replace('package webhook', 'package main'),
      'main.go': `package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
)

func main() {
	var asked struct {
		Body, Secret string
		Headers      map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	header := http.Header{}
	for name, value := range asked.Headers {
		header.Set(name, value)
	}
	fmt.Println(IsGenuine([]byte(asked.Body), header, asked.Secret))
}`,
      'go.mod': 'module verify\n\ngo 1.18\n',
    }),
    run: ['go', 'run', '.'],
    base: /mac\.Write\(\[\]byte\(id \+ "\." \+ timestamp \+ "\."\)\)\s+mac\.Write\(rawBody\)/,
  },
  Ruby: {
    version: ['ruby', '--version'],
    files: (snippet) => ({
      'main.rb': `${snippet}
require "json"
asked = JSON.parse(STDIN.read)
puts genuine?(asked["body"], asked["headers"], asked["secret"])`,
    }),
    run: ['ruby', 'main.rb'],
    base: /"#\{id\}\.#\{timestamp\}\."\.b \+ raw_body\.b/,
  },
};

let secret: string;
let request: ReceivedRequest;
const { engine, tenant, receiver } = useStory({ tenantFor: 'block' });

beforeAll(async () => {
  const made = await tenant.subscribe(receiver.url);
  secret = made.secret;
  // While an old secret signs along, there are two signatures to choose from.
  await engine.ok('POST', tenant.path(`/subscriptions/${made.id}/secret/rotate`), {});
  await tenant.publish({ type: 'lead.create', data: { id: 'lead-1', name: 'Zoë “Ada” 山田', deal: 1.0 } });
  [request] = (await receiver.received(1)) as [ReceivedRequest];
}, 60_000);

function isHere([command = '', ...args]: string[]): boolean {
  return spawnSync(command, args).status === 0;
}

function headersOf({ headers }: ReceivedRequest): Record<string, string> {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

/** A genuine request first, then what is wrong with it in every way a verifier has to notice. */
function questions(): [what: string, question: Question, genuine: boolean][] {
  const genuine: Question = { body: request.body.toString(), headers: headersOf(request), secret };
  const { 'webhook-timestamp': timestamp, 'webhook-id': id } = genuine.headers;
  const withHeader = (name: string, value: string) => ({
    ...genuine,
    headers: { ...genuine.headers, [name]: value },
  });
  return [
    ['as it was sent', genuine, true],
    ['a changed body', { ...genuine, body: genuine.body.replace('lead-1', 'lead-2') }, false],
    ['another id', withHeader('webhook-id', `${id}x`), false],
    ['an old request sent again', withHeader('webhook-timestamp', String(Number(timestamp) - 301)), false],
    ['a signature cut short', withHeader('webhook-signature', 'v1,AAAA'), false],
    ['another secret', { ...genuine, secret: `whsec_${Buffer.alloc(24, 7).toString('base64')}` }, false],
  ];
}

it.each(SNIPPETS)('the $language snippet signs what is signed: id, time and bytes', ({ language, code }) => {
  expect(code).toMatch(LANGUAGES[language]?.base ?? /^$/);
  expect(code).toMatch(/whsec_/);
  expect(code).toMatch(/300/);
  expect(code).toMatch(/timingSafeEqual|compare_digest|hash_equals|hmac\.Equal|secure_compare/);
});

const runnable = SNIPPETS.filter(({ language }) => isHere(LANGUAGES[language]?.version ?? []));

it.each(runnable)(
  'the $language snippet knows a genuine request from every other',
  async ({ language, code }) => {
    const { files, run } = LANGUAGES[language] as Language;
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-snippet-'));
    try {
      for (const [name, text] of Object.entries(files(code))) await writeFile(join(folder, name), text);
      const [command = '', ...args] = run;
      const answers = questions().map(([what, question]) => {
        const { stdout, stderr } = spawnSync(command, args, {
          cwd: folder,
          input: JSON.stringify(question),
          encoding: 'utf8',
          env: { ...process.env, NODE_OPTIONS: '' },
        });
        return [what, stdout.trim() || stderr];
      });
      expect(answers).toEqual(questions().map(([what, , genuine]) => [what, String(genuine)]));
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);

it('there is a snippet for each of the five languages, and Node’s always runs', () => {
  expect(SNIPPETS.map(({ language }) => language)).toEqual(Object.keys(LANGUAGES));
  expect(runnable.map(({ language }) => language)).toContain('Node');
});
