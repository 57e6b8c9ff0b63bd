import { Button, Textarea, TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import type { CredentialDraft } from './credential-draft.js';

interface Props {
  value: CredentialDraft;
  change: (part: Partial<CredentialDraft>) => void;
  issue: (path: string) => string | undefined;
}

/**
 * How the endpoint recognises Posthorn besides signatures. What is stored is never shown, only kept, replaced or
 * removed.
 */
export function CredentialFields({ value, change, issue }: Props) {
  return (
    <>
      <Choice
        name="client certificate"
        mode={value.certificateMode}
        choose={(certificateMode) => change({ certificateMode })}
      />
      {value.certificateMode === 'set' && <CertificateFields value={value} change={change} issue={issue} />}
      <Choice name="OAuth2" mode={value.oauth2Mode} choose={(oauth2Mode) => change({ oauth2Mode })} />
      {value.oauth2Mode === 'set' && <OAuth2Fields value={value} change={change} issue={issue} />}
    </>
  );
}

interface ChoiceProps {
  name: string;
  mode: CredentialDraft['oauth2Mode'];
  choose: (mode: CredentialDraft['oauth2Mode']) => void;
}

function Choice({ name, mode, choose }: ChoiceProps) {
  const says = { none: 'none', kept: 'set', set: 'new', removed: 'will be removed' }[mode];
  return (
    <div className="row wrap form-line">
      <span>
        {name.charAt(0).toUpperCase() + name.slice(1)}: {says}
      </span>
      {mode !== 'set' && (
        <Button size="compact-xs" variant="default" onClick={() => choose('set')}>
          {mode === 'none' ? `Add ${name}` : `Replace ${name}`}
        </Button>
      )}
      {mode === 'kept' && (
        <Button size="compact-xs" variant="default" onClick={() => choose('removed')}>
          Remove {name}
        </Button>
      )}
    </div>
  );
}

function CertificateFields({ value, change, issue }: Props) {
  return (
    <>
      <Textarea
        label="Certificate"
        description="PEM, with intermediate certificates if the endpoint needs them"
        autosize
        minRows={3}
        maxRows={8}
        value={value.certificate}
        onChange={(event) => change({ certificate: event.currentTarget.value })}
        error={issue('clientCertificate.certificate')}
      />
      <Textarea
        label="Private key"
        description="PEM, not encrypted"
        autosize
        minRows={3}
        maxRows={8}
        autoComplete="off"
        value={value.key}
        onChange={(event) => change({ key: event.currentTarget.value })}
        error={issue('clientCertificate.key')}
      />
    </>
  );
}

function OAuth2Fields({ value, change, issue }: Props) {
  const text = (field: 'tokenServer' | 'clientId' | 'clientSecret' | 'scope' | 'audience') => ({
    value: value[field],
    onChange: (event: { currentTarget: { value: string } }) => change({ [field]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput
        label="Token server"
        placeholder="https://login.example.com/oauth2/token"
        {...text('tokenServer')}
        error={issue('oauth2.tokenUrl')}
      />
      <div className="two">
        <TextInput label="OAuth2 client" {...text('clientId')} error={issue('oauth2.clientId')} />
        <TextInput
          label="OAuth2 client’s secret"
          type="password"
          autoComplete="off"
          {...text('clientSecret')}
          error={issue('oauth2.clientSecret')}
        />
        <TextInput
          label="OAuth2 scope"
          description="Optional"
          {...text('scope')}
          error={issue('oauth2.scope')}
        />
        <TextInput
          label="Audience"
          description="Optional"
          {...text('audience')}
          error={issue('oauth2.audience')}
        />
        <Select
          label="Client authentication"
          data={[
            { value: 'client_secret_basic', label: 'in a header' },
            { value: 'client_secret_post', label: 'in the body' },
          ]}
          value={value.authMethod}
          onChange={(authMethod) => change({ authMethod: authMethod ?? 'client_secret_basic' })}
        />
      </div>
    </>
  );
}
