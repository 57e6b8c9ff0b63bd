import { Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { body, GET, PATCH, type Schemas } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { Panel } from '../parts/page.js';
import { Form } from '../parts/form.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { Skeleton } from '../parts/skeleton.js';
import { seesAll, useSession } from '../session/session.js';
import { useSpace } from '../session/space.js';

type Catalogue = Schemas['SpaceCatalogueView'];

const VALIDATION: { value: Catalogue['validation']; label: string }[] = [
  { value: 'off', label: 'it is not compared' },
  { value: 'warn', label: 'the answer warns' },
  { value: 'enforce', label: 'it is refused' },
];

/** Which events this space has, and what becomes of data that differs from their schemas. */
export function CatalogueSettings() {
  const space = useSpace();
  const catalogue = useQuery({
    queryKey: ['space-catalogue', space],
    queryFn: () => body(GET('/v1/spaces/{space}/catalogue', { params: { path: { space } } })),
  });
  return (
    <Panel title="Catalogue">
      {catalogue.error && <ProblemNote error={catalogue.error} retry={() => void catalogue.refetch()} />}
      {catalogue.isPending && <Skeleton kind="rows" />}
      {catalogue.data && <CatalogueForm key={JSON.stringify(catalogue.data)} catalogue={catalogue.data} />}
    </Panel>
  );
}

const FIELDS = { hidden: 'hidden', features: 'features', validation: 'validation' };

function CatalogueForm({ catalogue }: { catalogue: Catalogue }) {
  const space = useSpace();
  // People of this space alone may not change its features.
  const setsFeatures = seesAll(useSession());
  const queries = useQueryClient();
  const [builtIn, setBuiltIn] = useState(catalogue.builtInEvents);
  const [hidden, setHidden] = useState(catalogue.hidden.join(', '));
  const [features, setFeatures] = useState(catalogue.features.join(', '));
  const [validation, setValidation] = useState(catalogue.validation);
  const save = useMutation({
    mutationFn: () =>
      body(
        PATCH('/v1/spaces/{space}/catalogue', {
          params: { path: { space } },
          body: {
            hidden: listOf(hidden),
            ...(setsFeatures && { features: listOf(features) }),
            // Untouched fields keep the instance's value.
            ...(builtIn !== catalogue.builtInEvents && { builtInEvents: builtIn }),
            ...(validation !== catalogue.validation && { validation }),
          },
        }),
      ),
    onSuccess: async () => {
      tell('The catalogue is saved.');
      await Promise.all(
        ['space-catalogue', 'event-types'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
    },
  });
  const { fields, rest } = fieldErrors(save.error, FIELDS);
  return (
    <Form action="Save catalogue" save={save} rest={rest}>
      <Checkbox
        size="xs"
        label="Has the built-in event types of a CRM"
        checked={builtIn}
        onChange={(event) => setBuiltIn(event.currentTarget.checked)}
      />
      <TextInput
        label="Hidden events"
        description="Comma-separated names, or patterns such as list.*."
        value={hidden}
        error={fields.hidden}
        onChange={(event) => setHidden(event.currentTarget.value)}
      />
      <TextInput
        label="Features"
        description="Comma-separated. Shows event types that need one of these features."
        disabled={!setsFeatures}
        value={features}
        error={fields.features}
        onChange={(event) => setFeatures(event.currentTarget.value)}
      />
      <Select
        label="Data that does not match its schema"
        data={VALIDATION}
        value={validation}
        error={fields.validation}
        onChange={(value) => setValidation(value ?? catalogue.validation)}
      />
    </Form>
  );
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
}
