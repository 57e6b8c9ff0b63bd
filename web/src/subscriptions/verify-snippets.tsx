import { Tabs } from '@mantine/core';
import { CopyButton } from '../parts/copy-button.js';
import { SNIPPETS } from './snippets.js';

/** Ready code for an endpoint to know that a request is genuine. */
export function VerifySnippets({ profile }: { profile: string }) {
  if (profile !== 'native') {
    return (
      <p className="quiet flat">
        Requests of the {profile} profile authenticate as {profile}’s own webhooks do. Receivers for those
        webhooks need no changes.
      </p>
    );
  }
  return (
    <Tabs defaultValue="Node" className="snippets">
      <Tabs.List>
        {SNIPPETS.map(({ language }) => (
          <Tabs.Tab key={language} value={language}>
            {language}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SNIPPETS.map(({ language, code }) => (
        <Tabs.Panel key={language} value={language}>
          <div className="snippet">
            <pre tabIndex={0} aria-label={`${language} code`}>
              {code}
            </pre>
            <span className="snippet-copy">
              <CopyButton text={code} label={`Copy ${language} code`} />
            </span>
          </div>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
