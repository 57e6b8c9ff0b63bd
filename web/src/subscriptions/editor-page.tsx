import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import { body, GET, PATCH, POST, type Schemas } from '../api/client.js';
import { useEventTypes } from '../catalogue/event-types.js';
import { invalidate, tell } from '../parts/action.js';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { draftOf, EMPTY, wireOf, type Draft } from './draft.js';
import { EditorForm } from './editor-form.js';
import { SecretOnce } from './secret-once.js';

export default function EditorPage() {
  const { sub } = useParams<{ sub?: string }>();
  return sub === undefined ? <Create /> : <Change sub={sub} />;
}

function Create() {
  const space = useSpace();
  const link = useSpaceLink();
  const types = useEventTypes();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const [made, setMade] = useState<Schemas['CreatedSubscription'] | null>(null);
  const create = useMutation({
    mutationFn: (draft: Draft) =>
      body(POST('/v1/spaces/{space}/subscriptions', { params: { path: { space } }, body: wireOf(draft) })),
    onSuccess: async (subscription) => {
      setMade(subscription);
      await queries.invalidateQueries({ queryKey: ['subscriptions'] });
    },
  });
  const back = { href: link('subscriptions'), label: 'Subscriptions' };
  return (
    <Page title="New subscription" name="New subscription" back={back}>
      {types.error && <ProblemNote error={types.error} />}
      {types.data ? (
        <EditorForm
          start={EMPTY}
          types={types.data}
          submitLabel="Create subscription"
          save={(draft) => create.mutate(draft)}
          busy={create.isPending}
          error={create.error}
        />
      ) : (
        !types.error && <Loading />
      )}
      {made && (
        <SecretOnce
          secret={made.secret}
          profile={made.profile}
          close={() => navigate(link(`subscriptions/${made.id}`))}
        />
      )}
    </Page>
  );
}

function Change({ sub }: { sub: string }) {
  const space = useSpace();
  const link = useSpaceLink();
  const types = useEventTypes();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const path = { space, sub };
  const current = useQuery({
    queryKey: ['subscription-to-edit', space, sub],
    queryFn: async () => {
      const { data, response } = await GET('/v1/spaces/{space}/subscriptions/{sub}', { params: { path } });
      return { subscription: data as Schemas['SubscriptionView'], etag: response.headers.get('etag') };
    },
    gcTime: 0,
    staleTime: Infinity,
  });
  const change = useMutation({
    mutationFn: (draft: Draft) => {
      // A subscription keeps its profile for good.
      const { profile: _, ...body } = wireOf(draft);
      return PATCH('/v1/spaces/{space}/subscriptions/{sub}', {
        params: { path },
        body,
        // Somebody else's change since this form was opened is not overwritten.
        headers: current.data?.etag ? { 'if-match': current.data.etag } : {},
      });
    },
    onSuccess: async () => {
      tell('The subscription is changed.');
      await invalidate(queries, ['subscriptions', 'subscription', 'subscription-name']);
      navigate(link(`subscriptions/${sub}`));
    },
  });
  const error = current.error ?? types.error;
  return (
    <Page
      title="Edit subscription"
      name="Edit subscription"
      back={{ href: link(`subscriptions/${sub}`), label: 'Back' }}
    >
      {error && <ProblemNote error={error} />}
      {!error && !(current.data && types.data) && <Loading />}
      {current.data && types.data && (
        <EditorForm
          start={draftOf(current.data.subscription)}
          types={types.data}
          submitLabel="Save changes"
          keepsProfile
          save={(draft) => change.mutate(draft)}
          busy={change.isPending}
          error={change.error}
        />
      )}
    </Page>
  );
}
