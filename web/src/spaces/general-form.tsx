import { Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { body, PATCH } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { Form } from '../parts/form.js';
import { seesAll, useSession } from '../session/session.js';
import { spacePath, useSpace } from '../session/space.js';
import { noteLines, notesOf, tagsOf } from './space-draft.js';
import { refOf, type Space } from './space-search.js';

const FIELDS = { name: 'name', uid: 'uid', tags: 'tags', metadata: 'metadata' };

/** What a space is called, and what the operator finds it by: people of this space alone see none of that. */
export function GeneralForm({ space }: { space: Space }) {
  const ref = useSpace();
  const seesNotes = seesAll(useSession());
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const [name, setName] = useState(space.name);
  const [uid, setUid] = useState(space.uid ?? '');
  const [tags, setTags] = useState(space.tags.join(', '));
  const [notes, setNotes] = useState(noteLines(space.metadata));
  const save = useMutation({
    mutationFn: () =>
      body(
        PATCH('/v1/spaces/{space}', {
          params: { path: { space: ref } },
          body: {
            ...{ name, uid: uid === '' ? null : uid },
            ...(seesNotes && { tags: tagsOf(tags), metadata: notesOf(notes, space.metadata) }),
          },
        }),
      ),
    onSuccess: async (saved) => {
      tell('The space is saved.');
      // The page's address changes with the uid.
      if (refOf(saved) !== ref) navigate(spacePath(refOf(saved), 'settings'), { replace: true });
      await Promise.all(['space', 'spaces'].map((key) => queries.invalidateQueries({ queryKey: [key] })));
    },
  });
  const { fields, rest } = fieldErrors(save.error, FIELDS);
  return (
    <Form action="Save" save={save} rest={rest} disabled={name.trim() === ''}>
      <TextInput
        label="Name"
        value={name}
        error={fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
      />
      <TextInput
        label="Your own id"
        description="Used in URLs and API paths instead of spc_…. After a change, the old one no longer works."
        value={uid}
        error={fields.uid}
        onChange={(event) => setUid(event.currentTarget.value)}
      />
      {seesNotes && (
        <>
          <TextInput
            label="Tags"
            description="Comma-separated. A broadcast can go to the spaces with one of them."
            value={tags}
            error={fields.tags}
            onChange={(event) => setTags(event.currentTarget.value)}
          />
          <Textarea
            label="Notes"
            description="One per line: name = text"
            autosize
            minRows={2}
            maxRows={8}
            value={notes}
            error={fields.metadata}
            onChange={(event) => setNotes(event.currentTarget.value)}
          />
        </>
      )}
    </Form>
  );
}
