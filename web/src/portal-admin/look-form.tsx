import { Button, Checkbox, ColorInput, FileInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { body, PATCH, type Schemas } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { useFocusOnError } from '../parts/focus-on-error.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { useSpace } from '../session/space.js';
import { changesOf, COLOUR_NAMES, draftOf, isUploaded, type LookDraft } from './look-draft.js';
import { LookPreview } from './look-preview.js';
import { LANGUAGE_CHOICES } from './portal-words.js';

const FIELDS = {
  ...{
    name: 'name',
    logoUrl: 'logoUrl',
    logo: 'logo',
    colours: 'colours',
    fonts: 'fonts',
    fontUrl: 'fontUrl',
  },
  frameAncestors: 'frameAncestors',
};
const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml'] as const;
type LogoType = (typeof LOGO_TYPES)[number];

/** The look of the portal, with a preview. The keys of a space may not change it. */
export function LookForm({ look, mayChange }: { look: Schemas['PortalView']; mayChange: boolean }) {
  const space = useSpace();
  const queries = useQueryClient();
  const [before] = useState(() => draftOf(look));
  const [draft, setDraft] = useState(before);
  const change = (changes: Partial<LookDraft>) => setDraft({ ...draft, ...changes });
  const changes = changesOf(before, draft);
  const save = useMutation({
    mutationFn: () =>
      body(PATCH('/v1/spaces/{space}/portal', { params: { path: { space } }, body: changes })),
    onSuccess: async () => {
      tell('The appearance is saved. Open portals show it after a reload.');
      await queries.invalidateQueries({ queryKey: ['portal-look'] });
    },
  });
  const errors = fieldErrors(save.error, FIELDS);
  useFocusOnError(save.error);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <div className="look">
      <form className="stack" onSubmit={submit}>
        <fieldset disabled={!mayChange} className="look-fields stack">
          <Names draft={draft} change={change} errors={errors.fields} uploaded={isUploaded(look)} />
          <Colours draft={draft} change={change} error={errors.fields.colours} />
          <Others draft={draft} change={change} errors={errors.fields} />
        </fieldset>
        {errors.rest && <ProblemNote error={errors.rest} />}
        {mayChange ? (
          <div className="row">
            <Button type="submit" loading={save.isPending} disabled={Object.keys(changes).length === 0}>
              Save appearance
            </Button>
          </div>
        ) : (
          <p className="quiet flat">
            Only the admin key, operators and admins of this space can change the appearance.
          </p>
        )}
      </form>
      <LookPreview draft={draft} logoUrl={look.logoUrl} />
    </div>
  );
}

interface PartProps {
  draft: LookDraft;
  change: (changes: Partial<LookDraft>) => void;
  errors: Partial<Record<keyof typeof FIELDS, string>>;
}

function Names({ draft, change, errors, uploaded }: PartProps & { uploaded: boolean }) {
  const [problem, setProblem] = useState<string | null>(null);
  const choose = async (file: File | null) => {
    setProblem(null);
    const type = LOGO_TYPES.find((known) => known === file?.type);
    if (file === null) change({ logo: null });
    else if (!type) setProblem('Choose a PNG, JPEG, WebP or SVG file.');
    else change({ logo: { type, data: await base64(file) } satisfies { type: LogoType; data: string } });
  };
  return (
    <>
      <TextInput
        label="Name"
        description="The name of your product."
        maxLength={60}
        value={draft.name}
        error={errors.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <FileInput
        label="Logo"
        description={
          uploaded ? 'A logo is uploaded. Choose another file to replace it, up to 64 KiB.' : 'Up to 64 KiB.'
        }
        placeholder="Choose a file"
        accept={LOGO_TYPES.join(',')}
        clearable
        error={problem ?? errors.logo}
        onChange={(file) => void choose(file)}
      />
      <TextInput
        label="URL of the logo"
        description="Instead of a file. Browsers load it from this URL."
        type="url"
        disabled={draft.logo !== null}
        value={draft.logoUrl}
        error={errors.logoUrl}
        onChange={(event) => change({ logoUrl: event.currentTarget.value })}
      />
    </>
  );
}

function Colours({ draft, change, error }: Omit<PartProps, 'errors'> & { error: string | undefined }) {
  return (
    <>
      {(['light', 'dark'] as const).map((scheme) => (
        <div key={scheme} className="look-colours" role="group" aria-label={`Colours, ${scheme}`}>
          {COLOUR_NAMES.map((name) => (
            <ColorInput
              key={name}
              size="xs"
              label={`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}, ${scheme}`}
              placeholder="the default"
              value={draft[scheme][name]}
              onChange={(colour) => change({ [scheme]: { ...draft[scheme], [name]: colour } })}
              eyeDropperButtonProps={{ 'aria-label': `Pick ${name}, ${scheme}, from the screen` }}
            />
          ))}
        </div>
      ))}
      {error !== undefined && (
        <p role="alert" className="flat ink-bad">
          {error}
        </p>
      )}
    </>
  );
}

function Others({ draft, change, errors }: PartProps) {
  return (
    <>
      <TextInput
        label="Fonts"
        description="Comma-separated names. Browsers use the first one that they have."
        value={draft.fonts}
        error={errors.fonts}
        onChange={(event) => change({ fonts: event.currentTarget.value })}
      />
      <TextInput
        label="URL of a font file"
        description="A WOFF2 file for the first font. Its server must allow it with CORS."
        type="url"
        value={draft.fontUrl}
        error={errors.fontUrl}
        onChange={(event) => change({ fontUrl: event.currentTarget.value })}
      />
      <div className="row wrap form-line">
        <Select
          label="Scheme"
          data={[
            { value: 'auto', label: 'Follow the system setting' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
          value={draft.scheme}
          onChange={(value) => change({ scheme: value ?? 'auto' })}
        />
        <Select
          label="Language"
          data={[{ value: '', label: 'The browser’s' }, ...LANGUAGE_CHOICES]}
          value={draft.language}
          onChange={(value) => change({ language: value ?? '' })}
        />
      </div>
      <Textarea
        label="Sites that may embed it"
        description="One origin per line: https://app.example.com"
        value={draft.frameAncestors}
        error={errors.frameAncestors}
        onChange={(event) => change({ frameAncestors: event.currentTarget.value })}
      />
      <Checkbox
        size="xs"
        label="Show “Made with Posthorn”"
        checked={draft.showPosthorn}
        onChange={(event) => change({ showPosthorn: event.currentTarget.checked })}
      />
    </>
  );
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
