import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { body, DELETE, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { CopyButton } from '../parts/copy-button.js';
import { Select } from '../parts/select.js';
import { useSpace } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { LANGUAGE_CHOICES, RIGHTS, type Language, type Right } from './portal-words.js';

const LASTS = [
  { value: '900', label: '15 minutes' },
  { value: '3600', label: '1 hour' },
  { value: '28800', label: '8 hours' },
  { value: '86400', label: '1 day' },
];

interface Wishes {
  scope: 'read' | 'manage';
  rights: Right[];
  language: Language | '';
  lasts: string;
}

/** Asks what a link may do, makes it, and shows it once. */
export function NewLink() {
  const space = useSpace();
  const make = useAction(
    ({ scope, rights, language, lasts }: Wishes) =>
      body(
        POST('/v1/spaces/{space}/portal-links', {
          params: { path: { space } },
          body: {
            ...{ scope, expiresInSeconds: Number(lasts) },
            ...(scope === 'manage' && rights.length < RIGHTS.length && { rights }),
            ...(language !== '' && { language }),
          },
        }),
      ),
    { touches: ['portal-links'] },
  );
  if (make.data) return <Made link={make.data} again={make.reset} />;
  return <Wish isBusy={make.isPending} make={make.mutate} />;
}

function Wish({ isBusy, make }: { isBusy: boolean; make: (wishes: Wishes) => void }) {
  const [scope, setScope] = useState<Wishes['scope']>('read');
  const [rights, setRights] = useState<Right[]>(RIGHTS.map(({ value }) => value));
  const [language, setLanguage] = useState<Language | ''>('');
  const [lasts, setLasts] = useState('3600');
  return (
    <div className="stack">
      <div className="row wrap form-line">
        <Select
          label="Access"
          data={[
            { value: 'read', label: 'read only' },
            { value: 'manage', label: 'read and change' },
          ]}
          value={scope}
          onChange={(value) => setScope(value === 'manage' ? value : 'read')}
        />
        <Select
          label="Language"
          data={[{ value: '', label: 'The space’s' }, ...LANGUAGE_CHOICES]}
          value={language}
          onChange={(value) => setLanguage(value ?? '')}
        />
        <Select
          label="Works for"
          data={LASTS}
          value={lasts}
          onChange={(value) => setLasts(value ?? '3600')}
        />
      </div>
      {scope === 'manage' && (
        <Checkbox.Group label="Allowed changes" value={rights} onChange={(values) => setRights(values)}>
          <div className="stack stack-tight">
            {RIGHTS.map(({ value, label }) => (
              <Checkbox key={value} size="xs" value={value} label={label} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <div className="row">
        <Button loading={isBusy} onClick={() => make({ scope, rights, language, lasts })}>
          Make link
        </Button>
      </div>
    </div>
  );
}

function Made({ link, again }: { link: Schemas['CreatedPortalLink']; again: () => void }) {
  const space = useSpace();
  const revoke = useAction(
    () => DELETE('/v1/spaces/{space}/portal-links/{link}', { params: { path: { space, link: link.id } } }),
    { touches: ['portal-links'], after: again },
  );
  return (
    <div className="stack">
      <div className="row">
        <code className="secret-box ellipsis">
          <Untrusted>{link.url}</Untrusted>
        </code>
        <CopyButton words label="Copy" text={link.url} />
      </div>
      <div className="row wrap">
        <span className="quiet">
          Valid until <Time at={link.expiresAt} />. It is shown only once.
        </span>
        <Button className="push" variant="default" onClick={again}>
          Another link
        </Button>
        <Button variant="light" color="red" loading={revoke.isPending} onClick={() => revoke.mutate()}>
          Revoke
        </Button>
      </div>
    </div>
  );
}
