// Made from openapi.json by `npm run openapi`.
export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check that the process is alive
         * @description It looks at nothing else, so a database that is away restarts nobody. Needs no key.
         */
        get: operations["health_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the process's metrics, in the Prometheus text format, or as OpenMetrics with exemplars where `Accept` names it
         * @description Needs no key.
         */
        get: operations["health_show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Check whether the process can do its work
         * @description 200, or 503 with the checks that failed. Needs no key.
         */
        get: operations["health_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the progress of the archive
         * @description Needs the admin key.
         */
        get: operations["archive_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/archive/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Archive all days that are due now
         * @description It goes on after the answer, and days that failed are tried again at once. Needs the admin key.
         */
        post: operations["archive_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes in all spaces, newest first: who changed what, when, from where, with before and after
         * @description Needs the admin key.
         */
        get: operations["audit_listAll"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export changes in all spaces
         * @description The answer is streamed; it ends early when something fails. Needs the admin key.
         */
        get: operations["audit_exportAll"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/broadcasts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List broadcasts
         * @description Needs the admin key.
         */
        get: operations["broadcasts_list"];
        put?: never;
        /**
         * Publish one event in all spaces, or in those with a tag
         * @description A job does it. Spaces that have no such event type are
         *     skipped. Needs the admin key.
         */
        post: operations["broadcasts_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/broadcasts/{broadcast}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one broadcast and its progress
         * @description Needs the admin key.
         */
        get: operations["broadcasts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/broadcasts/{broadcast}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a broadcast
         * @description Spaces that have the event keep it. Needs the admin key.
         */
        post: operations["broadcasts_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a profile's event types; of the native one with those of the instance
         * @description Needs any valid key.
         */
        get: operations["catalogue_list"];
        /**
         * Define many event types for all spaces at once, as `posthorn events sync` does with a file
         * @description Needs the admin key.
         */
        put: operations["catalogue_sync"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/event-types/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event type of the instance, or a built-in one
         * @description Needs any valid key.
         */
        get: operations["catalogue_get"];
        /**
         * Define an event type for all spaces, or replace it
         * @description Under a built-in name it replaces the built-in definition. Needs the admin key.
         */
        put: operations["catalogue_put"];
        post?: never;
        /**
         * Remove an event type of the instance
         * @description A built-in event of that name is as it was. Needs the admin key.
         */
        delete: operations["catalogue_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the overview of all spaces, those with most problems first
         * @description Needs the admin key.
         */
        get: operations["instanceOverview_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List people who may sign in
         * @description Needs the admin key.
         */
        get: operations["people_list"];
        put?: never;
        /**
         * Add a person, who can then sign in
         * @description Needs an identity provider or a mail server in the engine's settings. Needs the admin key.
         */
        post: operations["people_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one person
         * @description Needs the admin key.
         */
        get: operations["people_get"];
        put?: never;
        post?: never;
        /**
         * Remove a person
         * @description Their sessions end at once. The audit log still names them unless they are erased. Needs the admin key.
         */
        delete: operations["people_remove"];
        options?: never;
        head?: never;
        /**
         * Change a person's name, or their role in all spaces
         * @description Needs the admin key.
         */
        patch: operations["people_change"];
        trace?: never;
    };
    "/v1/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find spaces and subscriptions by name, uid or URL, and anything by its id, in all spaces
         * @description Needs the admin key.
         */
        get: operations["search_all"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/reseal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Seal every stored secret with the newest encryption key
         * @description Afterwards the older keys can go, if nothing is
         *     unreadable. Needs the admin key.
         */
        post: operations["reseal_run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read whom the credential of this request belongs to
         * @description Needs any valid key.
         */
        get: operations["session_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List sessions of people: your own, or all with the admin key
         * @description Needs the admin key.
         */
        get: operations["sessions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Needs the admin key.
         */
        delete: operations["sessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how people can sign in
         * @description Needs no key.
         */
        get: operations["signIn_ways"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List spaces, or search them
         * @description Needs the admin key.
         */
        get: operations["spaces_list"];
        put?: never;
        /**
         * Create a space
         * @description Needs the admin key.
         */
        post: operations["spaces_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one space
         * @description A space's own key may read that one. Needs any valid key.
         */
        get: operations["spaces_get"];
        put?: never;
        post?: never;
        /**
         * Delete a space with everything in it
         * @description Keys, subscriptions, events, deliveries and attempts go with it. Needs the admin key.
         */
        delete: operations["spaces_delete"];
        options?: never;
        head?: never;
        /**
         * Change a space
         * @description What is left out stays; `metadata` and `tags` are replaced as a whole. Needs the admin key.
         */
        patch: operations["spaces_update"];
        trace?: never;
    };
    "/v1/spaces/{space}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes in the space, newest first: who changed what, when, from where, with before and after
         * @description Needs a key with the scope `manage`. A portal link is refused.
         */
        get: operations["audit_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export changes in the space
         * @description The answer is streamed; it ends early when something fails. Needs a key with the scope `manage`. A portal link is refused.
         */
        get: operations["audit_export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/catalogue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is part of a space's catalogue
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["spaceCatalogue_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Turn off or hide events of a space's catalogue, and say how its data is validated
         * @description What is left out stays. Needs a key with the scope `manage`. A portal link is refused.
         */
        patch: operations["spaceCatalogue_change"];
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description `statusCode`, `error`, `trigger`, `state`, `slowerThan`, `response` and `payload` are looked for among a bounded
         *     number of deliveries, 20,000 or 2,000 a page. A page may then hold fewer than there are; `searchedTo` says how far
         *     it looked, and `nextCursor` goes on from there. Needs a key with the scope `read` or `manage`.
         */
        get: operations["deliveries_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry every delivery that a filter finds
         * @description Each gets one attempt, also one that succeeded, where the filter finds
         *     it; those of a paused endpoint are held until it is resumed. Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        post: operations["bulkRetry_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries/{delivery}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one delivery with its attempts
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["deliveries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries/{delivery}/attempts/{n}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one attempt: the request as it was sent and what came back
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["deliveries_attempt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries/{delivery}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a pending or held delivery
         * @description Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        post: operations["deliveries_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/deliveries/{delivery}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make one attempt now, whatever the delivery's status
         * @description While an attempt is under way, one more follows it unless it succeeds. Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        post: operations["deliveries_retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List erasures, also those whose job is gone
         * @description Needs a key with the scope `read` or `manage`. A portal link is refused.
         */
        get: operations["erasures_list"];
        put?: never;
        /**
         * Erase what events carried: their data, and the bodies and headers of their deliveries
         * @description A job does it. Deliveries that are pending or held are cancelled. Nothing of it is sent again. It cannot be undone. Needs a key with the scope `manage`. A portal link is refused.
         */
        post: operations["erasures_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/erasures/{erasure}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the record of an erasure: what it removed, and what the verification found
         * @description Needs a key with the scope `read` or `manage`. A portal link is refused.
         */
        get: operations["erasures_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/erasures/{erasure}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop an erasure
         * @description What it has erased stays erased. Needs a key with the scope `manage`. A portal link is refused.
         */
        post: operations["erasures_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the event types a space may publish
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["eventTypes_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/event-types/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event type
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["eventTypes_get"];
        /**
         * Define an event type of the space's own, or replace it
         * @description Needs a key with the scope `manage`. A portal link is refused.
         */
        put: operations["eventTypes_put"];
        post?: never;
        /**
         * Remove an event type of the space's own
         * @description Subscriptions that name it stay; it cannot be published any more. Needs a key with the scope `manage`. A portal link is refused.
         */
        delete: operations["eventTypes_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List events
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["events_list"];
        put?: never;
        /**
         * Publish one event, or up to 1,000: all of them are stored, or none
         * @description Needs a key with the scope `publish` or `manage`. A portal link is refused.
         */
        post: operations["events_publish"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/events/{event}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one event with its data
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/events/{event}/routing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List which of the space's subscriptions got an event, and why the others did not
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["events_route"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/exports/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the attempts of deliveries, as a stream
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["exports_exportAttempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/exports/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export deliveries, as a stream
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["exports_exportDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/exports/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export events, as a stream
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["exports_exportEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List legal holds, also those that were released
         * @description Needs a key with the scope `read` or `manage`. A portal link is refused.
         */
        get: operations["holds_list"];
        put?: never;
        /**
         * Set a legal hold: neither retention nor an erasure removes what it covers, and the space cannot be deleted
         * @description Needs a key with the scope `manage`. A portal link is refused.
         */
        post: operations["holds_set"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/holds/{hold}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a legal hold
         * @description Needs a key with the scope `read` or `manage`. A portal link is refused.
         */
        get: operations["holds_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/holds/{hold}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a legal hold
         * @description What was kept because of it goes with the next run of retention, within an hour. Needs a key with the scope `manage`. A portal link is refused.
         */
        post: operations["holds_release"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["jobs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/jobs/{job}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one job
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["jobs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the pace of an unfinished job, pause it, or continue it
         * @description Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        patch: operations["jobs_change"];
        trace?: never;
    };
    "/v1/spaces/{space}/jobs/{job}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a job
         * @description What it has made so far stays. Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        post: operations["jobs_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a space's keys
         * @description The keys themselves cannot be shown again. Needs the admin key.
         */
        get: operations["keys_list"];
        put?: never;
        /**
         * Create a key
         * @description Only this answer holds the key itself. Needs the admin key.
         */
        post: operations["keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a key
         * @description It is refused from now on. Needs the admin key.
         */
        delete: operations["keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the overview of a space: outcomes over time, latency, backlog, and endpoints with problems
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["overview_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List people with a role in this space
         * @description Those with a role in all spaces are not included. Needs the admin key.
         */
        get: operations["spacePeople_list"];
        put?: never;
        /**
         * Give a person a role in this space, by their mail address
         * @description Needs the admin key.
         */
        post: operations["spacePeople_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/people/{person}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change a person's role in this space
         * @description Needs the admin key.
         */
        put: operations["spacePeople_set"];
        post?: never;
        /**
         * Remove a person's role in this space
         * @description Needs the admin key.
         */
        delete: operations["spacePeople_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/portal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read how the portal of a space looks
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["portalSettings_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change how the portal of a space looks, and whose pages may frame it
         * @description What is left out stays. Portals that are open show it when they are loaded again. Needs the admin key.
         */
        patch: operations["portalSettings_change"];
        trace?: never;
    };
    "/v1/spaces/{space}/portal-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List valid portal links
         * @description Needs a key with the scope `manage`. A portal link is refused.
         */
        get: operations["portalLinks_list"];
        put?: never;
        /**
         * Create a link that opens the portal of this space without a key
         * @description It ends with the key that made it. Needs a key with the scope `manage`. A portal link is refused.
         */
        post: operations["portalLinks_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/portal-links/{link}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a link
         * @description It is refused from now on. Needs a key with the scope `manage`. A portal link is refused.
         */
        delete: operations["portalLinks_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the request that a body format or template makes of an event type's example, or of your own data
         * @description Nothing is sent or stored. A template that fails is a 422 `template_failed` that says why. Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["preview_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/recent-deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the results of the last attempted deliveries of up to 100 subscriptions
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["recent_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find subscriptions, event types, events and deliveries of a space by id, name or URL
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["search_inSpace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/simulate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish simulated events, to test what receives them
         * @description They are real events to everybody who listens. Needs a key with the scope `publish` or `manage`. A portal link is refused.
         */
        post: operations["simulate_simulate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscription-names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the names of up to 100 subscriptions
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["names_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the space's subscriptions
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["subscriptions_list"];
        put?: never;
        /**
         * Create a subscription
         * @description The answer holds the secret. Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["subscriptions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one subscription
         * @description Its `ETag` is what a change's `If-Match` may name. Needs a key with the scope `read` or `manage`.
         */
        get: operations["subscriptions_get"];
        /**
         * Create a subscription under your own `uid`, or replace the one that has it
         * @description Fields that are left out get their defaults. Its secret, its state, its log and what waits stay; `status`, if
         *     given, pauses or resumes it. Sending the same again changes nothing. Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        put: operations["subscriptions_put"];
        post?: never;
        /**
         * Delete a subscription and cancel its open deliveries
         * @description Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        delete: operations["subscriptions_delete"];
        options?: never;
        head?: never;
        /**
         * Change the given fields of a subscription
         * @description Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        patch: operations["subscriptions_update"];
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the last attempts at a subscription's endpoint
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["endpointAttempts_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a subscription, and send what is held for it at a pace, oldest first
         * @description The job shows the progress. Its pace can be changed, and it can be paused, while new events are delivered at once. Cancelled, it leaves the rest to the workers, who send it as fast as the endpoint takes it. Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["drain_drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/endpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the state of a subscription's endpoint: certificate, limits at present, ages of secrets, and backlog
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["endpointState_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the changes of one subscription, newest first; also of a deleted one, by its id
         * @description Needs a key with the scope `manage`. A portal link is refused.
         */
        get: operations["audit_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/lost": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Forget the note of lost deliveries
         * @description The deliveries stay in the log. Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        delete: operations["subscriptions_forgetLost"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a subscription: its deliveries are held
         * @description Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["subscriptions_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show what a subscription would get of an event: whether it wants it and why not, URL, headers, signature and body
         * @description Nothing is sent or stored. Needs a key with the scope `manage`. A portal link needs the right `secrets`.
         */
        post: operations["trials_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send past events again that the subscription wants as it is now
         * @description By default those it missed. Needs a key with the scope `manage`. A portal link needs the right `retry`.
         */
        post: operations["replay_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a subscription, and deliver or discard what was held
         * @description Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["subscriptions_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the secrets that sign a subscription's requests
         * @description Needs a key with the scope `manage`. A portal link needs the right `secrets`.
         */
        get: operations["subscriptions_secret"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/secret/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the secret: the new one signs, and old ones sign as well during the overlap
         * @description Needs a key with the scope `manage`. A portal link needs the right `secrets`.
         */
        post: operations["subscriptions_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event type's example, or data of your own, to the endpoint now, even when it is paused; one attempt
         * @description Needs a key with the scope `manage`. A portal link needs the right `test`.
         */
        post: operations["testSend_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/subscriptions/{sub}/wake": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the wait that the endpoint asked for with `Retry-After`: what waits goes by its schedule again
         * @description Needs a key with the scope `manage`. A portal link needs the right `edit`.
         */
        post: operations["subscriptions_wake"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/test-receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a test receiver inside the engine
         * @description A space keeps its last 20. Needs a key with the scope `manage`. A portal link needs the right `test`.
         */
        post: operations["testReceivers_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/spaces/{space}/test-receivers/{receiver}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Set how a receiver responds
         * @description Needs a key with the scope `manage`. A portal link needs the right `test`.
         */
        patch: operations["testReceivers_change"];
        trace?: never;
    };
    "/v1/spaces/{space}/test-receivers/{receiver}/requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the requests that a receiver got
         * @description Needs a key with the scope `read` or `manage`.
         */
        get: operations["testReceivers_requests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the state of all processes, the queue, the database and what waits
         * @description 200 also while the queue or the database
         *     is away: what is unknown then is null, and `warnings` says so. Needs the admin key.
         */
        get: operations["system_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AddToSpace: {
            /** @example ada@example.com */
            email: string;
            /** @enum {string} */
            role: "admin" | "operator" | "support" | "viewer";
            /** @description Whether to send them an invitation by mail, if the engine has a mail server. */
            invite?: boolean;
        };
        ArchiveDayView: {
            /**
             * @description `failed`: the last try failed, and is repeated at `nextTryAt`. `running`: a pass has begun.
             * @enum {string}
             */
            state: "archived" | "failed" | "running" | "waiting";
            /** @description Complete passes: later ones hold what changed since. */
            passes: number;
            /** @description Failed tries in a row. */
            failures: number;
            /**
             * @description UTC.
             * @example 2031-05-10
             */
            day: string;
            /**
             * Format: date-time
             * @description What changed from then on is not in the archive yet.
             */
            archivedUntil: string | null;
            /** Format: date-time */
            nextTryAt: string | null;
        };
        ArchiveView: {
            /** @description Days after its end when a day is archived. */
            afterDays: number;
            /** @description Days that are due and not in the archive. */
            waiting: number;
            /** @description `s3://bucket/prefix`; null: there is no archive (`POSTHORN_ARCHIVE_URL`). */
            url: string | null;
            /** @description Whether retention keeps a day until it is archived. */
            required: boolean;
            /** @description The days that are in the database and due, oldest first. */
            days: components["schemas"]["ArchiveDayView"][];
        };
        AttemptCodeView: {
            /** @description A status code, or an error code where there was no answer. */
            code: string;
            count: number;
        };
        AttemptDetail: {
            /**
             * @description Why it was made: `schedule`, the first attempt and those that follow it by themselves; `manual`, a person asked for
             *     it; `probe`, it tested whether a paused endpoint is back.
             * @enum {string}
             */
            trigger: "manual" | "probe" | "schedule";
            /** @description `att_…` */
            id: string;
            /** @description 1 for the delivery's first attempt. */
            n: number;
            /** Format: date-time */
            startedAt: string;
            /** @description The answer's status code; null when there was no answer. */
            statusCode: number | null;
            /**
             * @description Null when the receiver took it, else `http_<status>`, `timeout`, `dns_error`, `connection_refused`,
             *     `connection_reset`, `tls_error`, `protocol_error`, `blocked_address`, `mixed_addresses`, `proxy_unreachable`,
             *     `proxy_auth_failed`, `proxy_refused`, `proxy_error`, `oauth2_token_failed`, `template_failed`,
             *     `conversion_failed`, `interrupted` or `internal`.
             */
            errorCode: string | null;
            /** @description In milliseconds; null for what did not take place, such as a connect on a kept connection. */
            timings: components["schemas"]["TimingsView"];
            deliveryId: string;
            /**
             * @description More about the error, about an answer that was not whole, or about a request that was sent again on a new
             *     connection.
             */
            errorDetail: string | null;
            /** @description Why it failed and what helps, in a sentence; null where it succeeded. */
            explanation: string | null;
            /** @description What kind of address was connected to, such as `public` or `loopback`. */
            addressClass: string | null;
            request: components["schemas"]["RequestView"];
            /** @description Null when no answer came. */
            response: components["schemas"]["ResponseView"] | null;
        };
        AttemptSummary: {
            /**
             * @description Why it was made: `schedule`, the first attempt and those that follow it by themselves; `manual`, a person asked for
             *     it; `probe`, it tested whether a paused endpoint is back.
             * @enum {string}
             */
            trigger: "manual" | "probe" | "schedule";
            /** @description `att_…` */
            id: string;
            /** @description 1 for the delivery's first attempt. */
            n: number;
            /** Format: date-time */
            startedAt: string;
            /** @description The answer's status code; null when there was no answer. */
            statusCode: number | null;
            /**
             * @description Null when the receiver took it, else `http_<status>`, `timeout`, `dns_error`, `connection_refused`,
             *     `connection_reset`, `tls_error`, `protocol_error`, `blocked_address`, `mixed_addresses`, `proxy_unreachable`,
             *     `proxy_auth_failed`, `proxy_refused`, `proxy_error`, `oauth2_token_failed`, `template_failed`,
             *     `conversion_failed`, `interrupted` or `internal`.
             */
            errorCode: string | null;
            /** @description In milliseconds; null for what did not take place, such as a connect on a kept connection. */
            timings: components["schemas"]["TimingsView"];
        };
        AuditActor: {
            /**
             * @description `application`: code of an application that has Posthorn as a module. `person`: somebody who was signed in.
             * @enum {string}
             */
            kind: "admin" | "application" | "key" | "person" | "portal_link";
            /** @description The key's, the link's or the person's id. */
            id: string | null;
            /** @description The key's name; the person's mail address, null once they are erased. */
            name: string | null;
        };
        AuditEntry: {
            /** @example aud_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            at: string;
            /** @description Null for what concerns all spaces. */
            spaceId: string | null;
            /** @example subscription.update */
            action: string;
            actor: components["schemas"]["AuditActor"];
            /**
             * @description The way it came. `cli` and `dashboard` are what the client says of itself.
             * @enum {string}
             */
            via: "api" | "application" | "cli" | "dashboard" | "provider_api";
            target: components["schemas"]["AuditTarget"];
            /** @description What was there before: of an update, the fields that differ. Secrets and values of headers are hidden. */
            before: Record<string, never> | null;
            /** @description What is there now, likewise. */
            after: Record<string, never> | null;
            /** @description The client's address. Behind a proxy see POSTHORN_TRUST_PROXY. */
            ip: string | null;
            userAgent: string | null;
            requestId: string | null;
        };
        AuditList: {
            data: components["schemas"]["AuditEntry"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        AuditTarget: {
            /** @enum {string} */
            type: "archive" | "broadcast" | "delivery" | "event_type" | "job" | "key" | "legal_hold" | "person" | "portal_link" | "secrets" | "session" | "space" | "subscription" | "test_receiver";
            /** @description Its id; an event type's name. */
            id: string;
            /** @description The uid or name that it had. */
            name: string | null;
        };
        BodyInput: {
            /**
             * @description With `template`: a JSONata expression over `{id, type, timestamp, data}`, up to 16,384 characters. It is tried with
             *     an example before it is saved.
             * @example {"text": type & ": " & data.name}
             */
            template?: string;
            /**
             * @description `envelope` (default): `{"type", "timestamp", "data"}`. `data`: the event's data alone, as it was published.
             *     `template`: the value of a JSONata expression. `slack`, `teams` and `discord`: a message for their incoming
             *     webhooks.
             * @enum {string}
             */
            format: "data" | "discord" | "envelope" | "slack" | "teams" | "template";
        } & ({
            /** @constant */
            format?: "template";
        } | {
            format?: unknown;
        });
        BodyView: {
            /** @enum {string} */
            format: "data" | "discord" | "envelope" | "slack" | "teams" | "template";
            /** @description Absent without a template. */
            template?: string;
        };
        BrandingView: {
            /** @description `#rrggbb` */
            accent: string | null;
            logoUrl: string | null;
        };
        BroadcastCount: {
            spaces: number;
        };
        BroadcastInput: {
            /** @description Only for spaces with this tag. Left out: for all. */
            tag?: string;
            /**
             * @description Only count: answers 200 with the number of spaces.
             * @default false
             */
            dryRun: boolean;
            /**
             * @description The event, as for publishing it in one space. Its `id` is the same in every space, and names the broadcast, too:
             *     the same request again answers with the first broadcast.
             */
            event: components["schemas"]["NewEventInput"];
        };
        BroadcastList: {
            data: components["schemas"]["BroadcastView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        BroadcastProblemView: {
            /** @description `spc_…` */
            space: string;
            /** @description As publishing in that space would answer. */
            code: string;
            message: string;
        };
        BroadcastView: {
            /** @description `brd_…` */
            id: string;
            /**
             * @description `pending`: no worker has begun. `failed`: it met the same error ten times.
             * @enum {string}
             */
            status: "cancelled" | "completed" | "failed" | "pending" | "running";
            /** @description The event's type. */
            type: string;
            /** @description Your id of the event. */
            uid: string | null;
            /** @description Null: for all spaces. */
            tag: string | null;
            /** @description How many it is for: those that there were when it was made. */
            spaces: number;
            /** @description Spaces that have the event now. */
            published: number;
            /** @description Spaces whose catalogue has no such event, and those that had one with this `id` and body. */
            skipped: number;
            /** @description Spaces that refused it. */
            failed: number;
            /** @description Deliveries that it made. */
            deliveries: number;
            /** @description The first twenty that refused it, and why. */
            problems: components["schemas"]["BroadcastProblemView"][];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null while it is pending or running.
             */
            finishedAt: string | null;
        };
        BucketView: {
            /**
             * Format: date-time
             * @description When it begins.
             */
            at: string;
            succeeded: number;
            /** @description Deliveries that were given up. */
            failed: number;
            /** @description Attempts that failed, with another one to come. */
            retried: number;
        };
        BulkRetryInput: {
            /** @description Deliveries a second at most. Default: as fast as workers and endpoints allow. `PATCH …/jobs/:job` changes it. */
            perSecond?: number;
            /**
             * @description Seconds before it begins, in which it can be cancelled as if it had not been asked for.
             * @default 0
             */
            delaySeconds: number;
            /** @description Only those of this subscription, by id or uid. */
            subscription?: string;
            /** @description Only those of this event, by id or the publisher's own id. */
            event?: string;
            /** @description Only those of this event type. */
            type?: string;
            /**
             * @description Only those in this state.
             * @enum {string}
             */
            status?: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
            /** @description Only those created at or after this time, ISO 8601. */
            since?: string;
            /** @description Only those created before this time, ISO 8601. */
            until?: string;
            /**
             * @description Only count: answers 200 with the number.
             * @default false
             */
            dryRun: boolean;
        } | unknown | unknown | unknown | unknown | unknown | unknown;
        ChangeCatalogue: {
            /**
             * @description Names and patterns (`list.*`) of built-in events and of event types of the instance that are not part of it: nobody
             *     publishes them here, and no new subscription can name them. The list is replaced as a whole.
             */
            hidden?: string[];
            /** @description Whether the built-in events of a CRM (leads, campaigns, lists, statuses, tags) are part of it. */
            builtInEvents?: boolean | null;
            /** @description The features of the instance's event types that it has; only with the admin key. Replaced as a whole. */
            features?: string[];
            /**
             * @description What becomes of data that differs from the schema of its type, where the type does not say.
             * @enum {string|null}
             */
            validation?: "enforce" | "off" | "warn" | null;
        };
        ChangePerson: {
            /** @description Their name. */
            name?: string | null;
            /**
             * @description Their role in all spaces; null: they have roles in single spaces only. Applies from their next request on.
             * @enum {string|null}
             */
            role?: "admin" | "operator" | "support" | "viewer" | null;
        };
        ChangePortal: {
            /**
             * Format: uri
             * @description The address of the logo. It replaces one that was uploaded.
             */
            logoUrl?: string | null;
            /** @description Names of fonts: the first that the browser has is taken. */
            fonts?: string[] | null;
            /**
             * Format: uri
             * @description The address of a WOFF2 file for the first of these names. Its server has to allow it with CORS.
             */
            fontUrl?: string | null;
            /** @description What the portal is called: the name of your product. */
            name?: string | null;
            /** @description The logo itself: the engine keeps it and serves it. It replaces `logoUrl`. */
            logo?: components["schemas"]["PortalLogo"] | null;
            /** @description Replaced as a whole. */
            colours?: components["schemas"]["PortalSchemes"] | null;
            /**
             * @description Light or dark, or as the reader's system has it.
             * @enum {string|null}
             */
            scheme?: "auto" | "dark" | "light" | null;
            /**
             * @description The language; null: the browser's, or English where the portal has none of its languages.
             * @enum {string|null}
             */
            language?: "de" | "en" | "es" | "fr" | "ja" | "pt" | null;
            /** @description Whether the portal says that it is made with Posthorn. */
            showPosthorn?: boolean | null;
            /**
             * @description Origins whose pages may show this space's portal in a frame, e.g. `https://app.example.com`, besides those that
             *     `POSTHORN_PORTAL_FRAME_ANCESTORS` names. Replaced as a whole.
             */
            frameAncestors?: string[] | null;
        };
        CheckResult: {
            /** @enum {string} */
            status: "failed" | "ok" | "timeout";
            /** @description How long the check took, milliseconds. */
            ms: number;
            /**
             * @description What is wrong, where that is known: the database takes no writes, its disk is full, or it does not respond; or the
             *     process stops.
             * @enum {string}
             */
            reason?: "away" | "disk_full" | "read_only" | "stopping";
        };
        ClientCertificateInput: {
            /** @description PEM: the certificate, and after it those of its issuers if the endpoint needs them. */
            certificate: string;
            /** @description PEM: its private key, not encrypted. Kept encrypted, and never shown again. */
            key: string;
        };
        ClientCertificateView: {
            subject: string;
            issuer: string;
            /** @description Until when it is valid. */
            notAfter: string;
            /** @description SHA-256 of the certificate, with colons. */
            fingerprint: string;
        };
        CountView: {
            count: number;
            capped: boolean;
        };
        CreateKey: {
            /**
             * @description From when on it is refused; never when left out.
             * @example 2030-01-31T09:30:00.000Z
             */
            expiresAt?: string | null;
            /**
             * @description What it is for.
             * @example production publisher
             */
            name: string;
            /**
             * @description `publish`: publish events, made-up ones too. `read`: see subscriptions without their secrets, event types, events,
             *     deliveries, jobs and what test receivers got. `manage`: all of this, change it, and see secrets and portal links.
             *     The space itself and its keys are for the admin key.
             * @enum {string}
             */
            scope: "manage" | "publish" | "read";
        };
        CreatePerson: {
            /**
             * @description Their mail address, as the identity provider has it, or to which sign-in links go.
             * @example ada@example.com
             */
            email: string;
            /** @description Their name. The identity provider's replaces it. */
            name?: string | null;
            /**
             * @description Their role in all spaces; null or absent: they have roles in single spaces only.
             * @enum {string|null}
             */
            role?: "admin" | "operator" | "support" | "viewer" | null;
            /** @description Whether to send them an invitation by mail, if the engine has a mail server. */
            invite?: boolean;
        };
        CreatePortalLink: {
            /**
             * @description For how long it works.
             * @default 3600
             */
            expiresInSeconds: number;
            /**
             * @description `read`: look. `manage`: also manage subscriptions, retry and replay. It never publishes, and makes no keys or
             *     links.
             * @enum {string}
             */
            scope: "manage" | "read";
            /**
             * @description What a link with the scope `manage` may do; left out: all. `edit`: make, change, pause and delete subscriptions;
             *     `retry`: send deliveries again, replay and cancel them; `secrets`: see and rotate secrets, and see the values of
             *     headers; `test`: send test events. The engine refuses the rest with 403.
             */
            rights?: ("edit" | "retry" | "secrets" | "test")[];
            /**
             * @description The language that the portal opens in; left out or null: the space's, or else the browser's.
             * @enum {string|null}
             */
            language?: "de" | "en" | "es" | "fr" | "ja" | "pt" | null;
        };
        CreateSpace: {
            /**
             * @description Your own id for it; paths take it wherever they take ours. No two spaces share one.
             * @example acme
             */
            uid?: string | null;
            /** @description Your own notes: up to 50 strings by name. */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description Words to find it by, and to address a broadcast to: up to 20, each of 1 to 64 letters, digits, `_`, `.`, `:` and
             *     `-`.
             * @example [
             *       "beta"
             *     ]
             */
            tags?: string[];
            /**
             * @description What people call it.
             * @example Acme Ltd
             */
            name: string;
            /**
             * @description How its webhooks behave. It cannot be changed later.
             * @enum {string}
             */
            profile?: "breakcold" | "breakcold-v2" | "leadlex" | "lemlist" | "native" | "smartlead";
            /** @description What it may have, where that is not what everybody may. */
            limits?: components["schemas"]["SpaceLimitsInput"];
            /** @description For how many days it keeps things, where that is less than the instance. */
            retention?: components["schemas"]["SpaceRetentionInput"];
        };
        CreatedKey: {
            /** @description Send it as `Authorization: Bearer <key>`. It cannot be shown again. */
            key: string;
            /** @example key_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            /** @description What it is for. */
            name: string;
            /**
             * @description What it may do.
             * @enum {string}
             */
            scope: "manage" | "publish" | "read";
            /** @description Its first twelve characters. */
            prefix: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute; null: never.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description From when on it is refused; null: never.
             */
            expiresAt: string | null;
        };
        CreatedPortalLink: {
            /** @description The portal, signed in with the token. Open it in a frame or hand it out. */
            url: string;
            /** @description Send it as `Authorization: Bearer <token>`. It cannot be shown again. */
            token: string;
            /** @description `lnk_…` */
            id: string;
            /** @enum {string} */
            scope: "manage" | "read";
            /** @description What it may do besides looking, where that is less than its scope allows. */
            rights?: ("edit" | "retry" | "secrets" | "test")[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description From when on it is refused.
             */
            expiresAt: string;
        };
        CreatedSubscription: {
            /** @description The version in which it gets an event type, by name; null: as each is published. */
            eventTypeVersions: {
                [key: string]: number;
            } | null;
            /** @description What only subscriptions of this profile have. */
            profileOptions: {
                [key: string]: unknown;
            };
            /** @description Proves every request. Shown here and at `GET …/secret` only; null where there is none, or none to be shown. */
            secret: string | null;
            /** @description `sub_…` */
            id: string;
            uid: string | null;
            url: string;
            description: string | null;
            events: string[];
            scope: components["schemas"]["ScopeView"];
            filter: Record<string, never> | null;
            /**
             * @description Extra request headers. Values are `***` for keys without the scope `manage`; null: the key that sealed them is
             *     lost.
             */
            headers: {
                [key: string]: string;
            } | null;
            /** @description Null: none, or the key that sealed it is lost. */
            clientCertificate: components["schemas"]["ClientCertificateView"] | null;
            /** @description Null: none, or the key that sealed it is lost. */
            oauth2: components["schemas"]["OAuth2View"] | null;
            /** @description Seconds between attempts. */
            retrySchedule: number[];
            /** @description Failures that pause it; null: never. */
            pauseAfter: number | null;
            /** @description Seconds that must lie between the first and the last of these failures, too. */
            pauseAfterSeconds: number;
            /** @enum {string} */
            pauseMode: "consecutive" | "total";
            /**
             * @description What becomes of a delivery whose schedule is used up while the endpoint answers nothing well.
             * @enum {string}
             */
            onExhausted: "fail" | "hold";
            /** @enum {string} */
            recovery: "manual" | "probe";
            /** @description Milliseconds a whole attempt may take. */
            timeoutMs: number;
            rateLimit: components["schemas"]["RateLimitView"] | null;
            /** @description For how many days what is held waits for it; null: as many as the instance's. */
            heldDays: number | null;
            /** @description How many deliveries are held for it; null: as many as the instance's. */
            heldMax: number | null;
            /** @description Whether requests carry the `traceparent` of their events. */
            passTraceparent: boolean;
            /** @description What the body of a request is made of. */
            body: components["schemas"]["BodyView"];
            /** @enum {string} */
            contentType: "form" | "json";
            /** @enum {string} */
            method: "PATCH" | "POST" | "PUT";
            profile: string;
            /** @description What the provider's own API calls it; null where that is the id's UUID. */
            providerId: string | null;
            metadata: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "paused";
            /**
             * @description Null while active.
             * @enum {string|null}
             */
            pausedReason: "failures" | "gone" | "manual" | "rate" | null;
            /** Format: date-time */
            pausedAt: string | null;
            /** @description Why it is paused and what comes next, in words; null while active. */
            pausedDetail: string | null;
            /**
             * Format: date-time
             * @description When one of the held deliveries is tried; null while active, and where a person has to resume it.
             */
            nextProbeAt: string | null;
            /** @description Failed attempts since the last success. */
            failureCount: number;
            /**
             * Format: date-time
             * @description When the first of them was; null: there is none, or it is not known.
             */
            firstFailureAt: string | null;
            /**
             * Format: date-time
             * @description Until when nothing is sent because the endpoint asked for it (`Retry-After`); null: it does not wait.
             */
            waitsUntil: string | null;
            /** @description The job that sends what is held for it at a pace; null: there is none. */
            drainJobId: string | null;
            /** @description What was lost; null: nothing, or it was sent again. */
            lost: components["schemas"]["LostView"] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        DefaultStep: {
            default: components["schemas"]["MappingPath"];
            value: components["schemas"]["StorableValue"];
        };
        DeliveryDetail: {
            /** @description `dlv_…` */
            id: string;
            /** @description `evt_…` */
            eventId: string;
            eventType: string;
            /** @description `sub_…` */
            subscriptionId: string;
            /**
             * @description `pending`: due now or at `nextAttemptAt`. `held`: its subscription is paused. `failed`: the schedule is used up,
             *     the endpoint is gone or its address is refused. `skipped`: the profile drops it. `expired`: its event
             *     has ended, or it was held for as long as it may be, or too many were.
             * @enum {string}
             */
            status: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
            /** @description Attempts made so far. */
            attemptCount: number;
            /** @description Attempts the schedule allows; a person may ask for more. */
            maxAttempts: number;
            /**
             * Format: date-time
             * @description Null when no attempt is planned.
             */
            nextAttemptAt: string | null;
            /** @description The last answer's status code; null when there was no answer. */
            lastStatusCode: number | null;
            /** @description The last attempt's error code. */
            lastError: string | null;
            /**
             * @description What made it: a published event, a test send or a replay. A retry does not change it; its attempt says that it was
             *     `manual`. `manual` here: a person retried it under a release that did not keep what had made it.
             * @enum {string}
             */
            trigger: "event" | "manual" | "replay" | "test";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null while it is pending or held.
             */
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description When its publisher wants it delivered: nothing is sent before. Absent where it does not say.
             */
            deliverAt?: string;
            /**
             * @description `deliver_at`: it waits because its publisher wants it delivered at `deliverAt`. Absent otherwise.
             * @enum {string}
             */
            waitsFor?: "deliver_at";
            /**
             * @description `erased`: it was cancelled because its event was erased. Absent otherwise.
             * @enum {string}
             */
            cancelReason?: "erased";
            /**
             * Format: date-time
             * @description When its event, its bodies and headers were erased. Absent where they were not.
             */
            erasedAt?: string;
            /** @description Why its last attempt failed and what helps, in a sentence; null where it succeeded, or there is none. */
            explanation: string | null;
            attempts: components["schemas"]["AttemptSummary"][];
        };
        DeliveryPage: {
            data: components["schemas"]["DeliveryView"][];
            /** @description Where the next page begins; null on the last one. */
            nextCursor: string | null;
            /**
             * @description Present where a filter was looked for in a bounded number of deliveries: the time of the last one looked at. Null:
             *     there are no more.
             */
            searchedTo?: string | null;
        };
        DeliveryView: {
            /** @description `dlv_…` */
            id: string;
            /** @description `evt_…` */
            eventId: string;
            eventType: string;
            /** @description `sub_…` */
            subscriptionId: string;
            /**
             * @description `pending`: due now or at `nextAttemptAt`. `held`: its subscription is paused. `failed`: the schedule is used up,
             *     the endpoint is gone or its address is refused. `skipped`: the profile drops it. `expired`: its event
             *     has ended, or it was held for as long as it may be, or too many were.
             * @enum {string}
             */
            status: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
            /** @description Attempts made so far. */
            attemptCount: number;
            /** @description Attempts the schedule allows; a person may ask for more. */
            maxAttempts: number;
            /**
             * Format: date-time
             * @description Null when no attempt is planned.
             */
            nextAttemptAt: string | null;
            /** @description The last answer's status code; null when there was no answer. */
            lastStatusCode: number | null;
            /** @description The last attempt's error code. */
            lastError: string | null;
            /**
             * @description What made it: a published event, a test send or a replay. A retry does not change it; its attempt says that it was
             *     `manual`. `manual` here: a person retried it under a release that did not keep what had made it.
             * @enum {string}
             */
            trigger: "event" | "manual" | "replay" | "test";
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null while it is pending or held.
             */
            finishedAt: string | null;
            /**
             * Format: date-time
             * @description When its publisher wants it delivered: nothing is sent before. Absent where it does not say.
             */
            deliverAt?: string;
            /**
             * @description `deliver_at`: it waits because its publisher wants it delivered at `deliverAt`. Absent otherwise.
             * @enum {string}
             */
            waitsFor?: "deliver_at";
            /**
             * @description `erased`: it was cancelled because its event was erased. Absent otherwise.
             * @enum {string}
             */
            cancelReason?: "erased";
            /**
             * Format: date-time
             * @description When its event, its bodies and headers were erased. Absent where they were not.
             */
            erasedAt?: string;
        };
        DrainInput: {
            /** @description Deliveries a second at most. Default: as fast as workers and endpoints allow. `PATCH …/jobs/:job` changes it. */
            perSecond?: number;
        };
        DropStep: {
            drop: components["schemas"]["MappingPath"];
        };
        EndpointAttemptsView: {
            /** @description Oldest first, without gaps. */
            buckets: components["schemas"]["BucketView"][];
            /** @description How long answers took, milliseconds; null where there was none. */
            latency: components["schemas"]["LatencyView"] | null;
            /** @description The most frequent first, at most 20. */
            codes: components["schemas"]["AttemptCodeView"][];
            attempts: components["schemas"]["CountView"];
            /** @description The last of them, at most 60, oldest first. */
            recent: components["schemas"]["RecentAttemptView"][];
            /**
             * Format: date-time
             * @description Of these attempts; null where none succeeded.
             */
            lastSuccessAt: string | null;
            /**
             * Format: date-time
             * @description Of these attempts; null where none failed.
             */
            lastFailureAt: string | null;
        };
        EndpointBacklogView: {
            /** @description Held, because it is paused, or was. */
            held: components["schemas"]["CountView"];
            /** @description Due now or later. */
            pending: components["schemas"]["CountView"];
            /**
             * Format: date-time
             * @description When the oldest held delivery was made; null: none is held.
             */
            oldestHeldAt: string | null;
        };
        EndpointCertificateView: {
            validTo: string;
            /**
             * Format: date-time
             * @description When a connection last showed it; at most once a day.
             */
            seenAt: string;
            /** @description Whole days until its end; negative: it has ended. */
            daysLeft: number;
            /** @description From 14 days before its end on, what to do; null before. */
            warning: string | null;
        };
        EndpointProofView: {
            /** @description `standard-webhooks`, the style of another system such as `stripe`, or the profile whose webhooks it follows. */
            style: string;
            /** @description Newest first; those that sign at present. */
            secrets: components["schemas"]["SigningSecretView"][];
        };
        EndpointRateView: {
            perSecond: number;
            /**
             * Format: date-time
             * @description When the next request may leave; null: at once.
             */
            nextAt: string | null;
        };
        EndpointStateView: {
            /** @description Null: it has none, or no connection was opened yet. */
            certificate: components["schemas"]["EndpointCertificateView"] | null;
            /** @description Null: no worker holds it back. A change shows within five seconds. */
            throttle: components["schemas"]["EndpointThrottleView"] | null;
            /** @description Null: it has no rate limit. */
            rate: components["schemas"]["EndpointRateView"] | null;
            proof: components["schemas"]["EndpointProofView"];
            backlog: components["schemas"]["EndpointBacklogView"];
        };
        EndpointThrottleView: {
            /** @description Requests that may be under way at once. It halves with a timeout, a 429 or a 503, and grows with each success. */
            concurrency: number;
            inFlight: number;
            /** @description Deliveries that wait in these workers. */
            waiting: number;
            /** @description How many workers hold it back. */
            workers: number;
        };
        EndpointsView: {
            /** @description Active, and the last attempt succeeded. */
            active: number;
            paused: number;
            /** @description Active, and the last attempt failed. */
            failing: number;
        };
        ErasureCountsView: {
            events: number;
            deliveries: number;
            /** @description Deliveries that were pending or held. They are `cancelled`. */
            cancelled: number;
            attempts: number;
            /** @description Ids that publishers gave their events. They stay reserved, as hashes. */
            eventKeys: number;
            /** @description Requests that the space's test receivers kept: all of them. */
            testRequests: number;
        };
        ErasureCriteriaView: {
            /** @description The whole space. */
            all: boolean;
            /** @description `evt_` ids. */
            events: string[] | null;
            /** @description SHA-256 of the space's id (`spc_…`), a colon and the `subjectId`, in hexadecimal digits. */
            subjectSha256: string | null;
            /** Format: date-time */
            since: string | null;
            until: string;
        };
        ErasureInput: {
            /** @description Events published at or after this time, ISO 8601. */
            since?: string;
            /** @description Events published before this time, ISO 8601. Default, and latest: a second from now, as clocks differ. */
            until?: string;
            /**
             * @description All events of the space; not together with other conditions.
             * @default false
             */
            all: boolean;
            /**
             * @description `content`: data, bodies, headers and the keys of people go; ids, times, status codes and timings stay. `rows`: the
             *     events, their deliveries and attempts go as a whole.
             * @default content
             * @enum {string}
             */
            mode: "content" | "rows";
            /**
             * @description Only count: nothing is erased, and `counts` has what would be.
             * @default false
             */
            dryRun: boolean;
            /** @description These events, by id or the publisher's own id. */
            events?: string[];
            /** @description Events about this person: their `subjectId`, or the `leadId` of those without one. */
            subjectId?: string;
        };
        ErasureList: {
            data: components["schemas"]["ErasureView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        ErasureRemainingView: {
            events: number;
            deliveries: number;
            attempts: number;
            testRequests: number;
        };
        ErasureVerificationView: {
            /** Format: date-time */
            at: string;
            /** @description Events that were looked at. */
            checked: number;
            /** @description What was found that still has contents. All zero: nothing is left. */
            remaining: components["schemas"]["ErasureRemainingView"];
            /** @description Whether nothing is left. */
            complete: boolean;
        };
        ErasureView: {
            /** @description `job_…`, the same as its job's. */
            id: string;
            /**
             * @description `cancelled` also when a legal hold was set meanwhile: see `stopped`.
             * @enum {string}
             */
            status: "cancelled" | "completed" | "failed" | "pending" | "running";
            /** @enum {string} */
            mode: "content" | "rows";
            dryRun: boolean;
            /** @description `admin`, or the id of the key. */
            requestedBy: string;
            criteria: components["schemas"]["ErasureCriteriaView"];
            /** @description So far; with `dryRun`, what would be erased. */
            counts: components["schemas"]["ErasureCountsView"];
            /** @description Null until the erasure has looked at everything again, and with `dryRun`. */
            verification: components["schemas"]["ErasureVerificationView"] | null;
            /** @description Why it ended before it was done. */
            stopped: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null while it is pending or running.
             */
            finishedAt: string | null;
        };
        EventPage: {
            data: components["schemas"]["EventSummary"][];
            /** @description Where the next page begins; null on the last one. */
            nextCursor: string | null;
            /** @description Present with `payload`: the time of the last event looked at. Null: there are no more. */
            searchedTo?: string | null;
        };
        EventScopeInput: {
            clientId?: string;
            campaignId?: string;
            leadId?: string;
        };
        EventScopeView: {
            clientId?: string;
            campaignId?: string;
            leadId?: string;
        };
        EventSummary: {
            /** @description Where it happened, by name; `client`, `campaign` and `lead` are in `scope`, too. */
            tags: {
                [key: string]: string;
            };
            /** @description The version of its type. */
            version: number;
            id: string;
            /** @description The publisher's own id. */
            uid: string | null;
            type: string;
            /** Format: date-time */
            occurredAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When deliveries of it that are still open end. Absent where they never do.
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it is delivered, where its publisher wanted that later.
             */
            deliverAt?: string;
            /** @description The W3C trace that it was published in, 32 hex digits. Absent where there was none. */
            traceId?: string;
            /** @description Whom it is about: the `subjectId` it was published with, or the `leadId` of its scope. */
            subjectId: string | null;
            scope: components["schemas"]["EventScopeView"];
            /** @description Absent while its data is there. */
            removed?: components["schemas"]["RemovedView"];
        };
        EventTypeList: {
            data: components["schemas"]["EventTypeReply"][];
            /** @description Always null. */
            nextCursor: string | null;
        };
        EventTypeReply: {
            /** @description Further examples by name. Absent: there are none. */
            examples?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description The version of what is published without one. Absent: the type has no versions. */
            version?: number;
            /** @description Later versions by number. Absent: the type has no versions. */
            versions?: {
                [key: string]: components["schemas"]["VersionReply"];
            };
            /**
             * @description By whom it was defined for the whole instance: absent on events of a profile and on a space's own.
             * @enum {string}
             */
            source?: "api" | "code" | "file";
            /**
             * @description What becomes of data that differs from the schema.
             * @enum {string}
             */
            validation: "enforce" | "off" | "warn";
            /** @description What `type` says when it is published. */
            name: string;
            /** @description The group it belongs to. */
            family: string;
            /** @description What it means. */
            description: string;
            /** @description JSON Schema (draft 2020-12) of its data; with `versions`, of version 1. */
            schema: Record<string, never>;
            /** @description A complete `data` object; with `versions`, of version 1. */
            example: Record<string, never>;
            /** @description Whether the space defined it itself. */
            custom: boolean;
            /** @description Only spaces that have this feature see it. */
            feature?: string;
            /** @description Whether publishers should stop using it. */
            deprecated: boolean;
            /** @description The name of the type to use instead. */
            replacedBy: string | null;
        };
        EventView: {
            /** @description Where it happened, by name; `client`, `campaign` and `lead` are in `scope`, too. */
            tags: {
                [key: string]: string;
            };
            /** @description The version of its type. */
            version: number;
            /** @description Just as it was published. Null when it was removed: `removed` says why. */
            data: {
                [key: string]: unknown;
            } | null;
            id: string;
            /** @description The publisher's own id. */
            uid: string | null;
            type: string;
            /** Format: date-time */
            occurredAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When deliveries of it that are still open end. Absent where they never do.
             */
            expiresAt?: string;
            /**
             * Format: date-time
             * @description When it is delivered, where its publisher wanted that later.
             */
            deliverAt?: string;
            /** @description The W3C trace that it was published in, 32 hex digits. Absent where there was none. */
            traceId?: string;
            /** @description Whom it is about: the `subjectId` it was published with, or the `leadId` of its scope. */
            subjectId: string | null;
            scope: components["schemas"]["EventScopeView"];
            /** @description Absent while its data is there. */
            removed?: components["schemas"]["RemovedView"];
        };
        FailingEndpointView: {
            /** @description `sub_…` */
            subscriptionId: string;
            /** @description Your own id for it. */
            uid: string | null;
            url: string;
            /** @description In words, such as `paused since 14:02 UTC: 10 failures, last: 500`. */
            reason: string;
            /** @description The same without the time of a pause: `10 failures, last: 500`. */
            cause: string;
            /**
             * Format: date-time
             * @description Since when it has been paused; null when it is not.
             */
            pausedAt: string | null;
            failureCount: number;
            /** @enum {string} */
            status: "active" | "paused";
        };
        /** @description Conditions on the data of events, by path. */
        Filter: {
            [path: string]: components["schemas"]["FilterValue"] | components["schemas"]["Filter1"][];
        };
        /** @description A filter among alternatives, 1 deep. */
        Filter1: {
            [path: string]: components["schemas"]["FilterValue"] | components["schemas"]["Filter2"][];
        };
        /** @description A filter among alternatives, 2 deep. */
        Filter2: {
            [path: string]: components["schemas"]["FilterValue"] | components["schemas"]["Filter3"][];
        };
        /** @description A filter among alternatives, 3 deep. */
        Filter3: {
            [path: string]: components["schemas"]["FilterValue"] | components["schemas"]["Filter4"][];
        };
        /** @description A filter among alternatives, 4 deep. */
        Filter4: {
            [path: string]: components["schemas"]["FilterValue"];
        };
        /** @description All of these must hold. */
        FilterCondition: {
            in?: (string | number | boolean | null)[];
            not?: string | number | boolean | null | components["schemas"]["FilterExclusion"];
            prefix?: string;
            suffix?: string;
            gt?: number;
            gte?: number;
            lt?: number;
            lte?: number;
            exists?: boolean;
        };
        /** @description What a value must not be: one of these. */
        FilterExclusion: {
            in?: (string | number | boolean | null)[];
            prefix?: string;
            suffix?: string;
        };
        /** @description Names with dots between them, and keys with dots in brackets: `lead["a.b"].c`. */
        FilterPath: string;
        /** @description The value at a path is this one, or meets the condition. */
        FilterValue: string | number | boolean | null | components["schemas"]["FilterCondition"];
        FoundView: {
            /** @enum {string} */
            kind: "attempt" | "delivery" | "event" | "event_type" | "job" | "space" | "subscription";
            /** @description `spc_…`, `sub_…`, `evt_…`, `dlv_…`, `job_…`, or the event type's name; of an attempt the `dlv_…` it belongs to. */
            id: string;
            /** @description `spc_…`: where it is. */
            space: string;
            /** @description What it is called: a name, a URL or an event type. */
            title: string;
            /** @description What else tells it apart, such as its own id or its status. */
            detail: string | null;
        };
        HoldInput: {
            /** @description Only events published at or after this time, ISO 8601. */
            since?: string;
            /** @description Only events published before this time, ISO 8601. */
            until?: string;
            /**
             * @description Why, for those who are refused. Name the case, and no personal data.
             * @example Case 4711, until the court has decided
             */
            reason: string;
            /** @description Only this event, by id or the publisher's own id. */
            event?: string;
            /** @description Only events about this person: their `subjectId`, or the `leadId` of those without one. */
            subjectId?: string;
        };
        HoldList: {
            data: components["schemas"]["HoldView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        HoldView: {
            /** @description `lgh_…` */
            id: string;
            reason: string;
            /** @description `evt_…`; null: any event. */
            event: string | null;
            /** @description Null: whoever it is about. Once released, `sha256:` and a hash, as in the records of erasures. */
            subjectId: string | null;
            /** Format: date-time */
            since: string | null;
            until: string | null;
            /** @description `admin`, or the id of the key. */
            setBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description Null while it is in force. */
            releasedBy: string | null;
            /** Format: date-time */
            releasedAt: string | null;
        };
        InstanceFailingEndpoint: {
            /** @description `sub_…` */
            subscriptionId: string;
            /** @description Your own id for it. */
            uid: string | null;
            url: string;
            /** @description In words, such as `paused since 14:02 UTC: 10 failures, last: 500`. */
            reason: string;
            /** @description The same without the time of a pause: `10 failures, last: 500`. */
            cause: string;
            /**
             * Format: date-time
             * @description Since when it has been paused; null when it is not.
             */
            pausedAt: string | null;
            failureCount: number;
            /** @enum {string} */
            status: "active" | "paused";
            /** @description `spc_…` */
            space: string;
            spaceName: string;
        };
        InstanceOverviewView: {
            data: components["schemas"]["SpaceHealthView"][];
            /** @description How many spaces there are. */
            spaces: number;
            attempts: number;
            failedAttempts: number;
            failing: number;
            paused: number;
            /** @description Up to 20, the worst first. */
            worst: components["schemas"]["InstanceFailingEndpoint"][];
        };
        JobChanges: {
            /** @description Deliveries a second at most; null: as fast as workers and endpoints allow. */
            perSecond?: number | null;
            /** @description Whether it waits. */
            paused?: boolean;
        };
        JobList: {
            data: components["schemas"]["JobView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        JobView: {
            /** @description `job_…` */
            id: string;
            /**
             * @description `replay`: new deliveries of past events. `retry`: one more attempt for deliveries. `drain`: what was held for a
             *     subscription. `erase`: see `/erasures`.
             * @enum {string}
             */
            kind: "drain" | "erase" | "replay" | "retry";
            /**
             * @description `pending`: no worker has begun. `failed`: it met the same error ten times.
             * @enum {string}
             */
            status: "cancelled" | "completed" | "failed" | "pending" | "running";
            dryRun: boolean;
            /** @description How many deliveries it is about, of an erasure how many events; null until they are counted. */
            total: number | null;
            /** @description How many it has made, retried or erased so far. */
            done: number;
            /** @description Of a replay: events that it cannot send, because their data was erased or removed by retention. */
            skipped: number;
            /** @description `sub_…`: the subscription that gets the deliveries; null: several may. */
            subscriptionId: string | null;
            /** @description Deliveries a second at most; null: as fast as workers and endpoints allow. */
            perSecond: number | null;
            /**
             * Format: date-time
             * @description Since when it waits because a person has paused it; null: it does not.
             */
            pausedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Null while it is pending or running.
             */
            finishedAt: string | null;
        };
        /** @description Any JSON value of an event. */
        JsonValue: unknown;
        Key: {
            /** @example key_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            /** @description What it is for. */
            name: string;
            /**
             * @description What it may do.
             * @enum {string}
             */
            scope: "manage" | "publish" | "read";
            /** @description Its first twelve characters. */
            prefix: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute; null: never.
             */
            lastUsedAt: string | null;
            /**
             * Format: date-time
             * @description From when on it is refused; null: never.
             */
            expiresAt: string | null;
        };
        KeyList: {
            data: components["schemas"]["Key"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        LatencyView: {
            p50: number;
            p95: number;
            p99: number;
        };
        Liveness: {
            /** @enum {string} */
            status: "ok";
        };
        LostView: {
            /** @description How many. */
            count: number;
            /**
             * Format: date-time
             * @description When the event of the oldest of them was published.
             */
            since: string;
            /**
             * Format: date-time
             * @description When the endpoint answered well again; null: it has not yet. `POST …/replay` with `lost: true` then sends exactly
             *     these.
             */
            recoveredAt: string | null;
        };
        /** @description Up to 8 names with dots between them, and names with dots in brackets: `lead["a.b"].c`. */
        MappingPath: string;
        /** @description One step of a mapping of data. */
        MappingStep: components["schemas"]["MoveStep"] | components["schemas"]["DropStep"] | components["schemas"]["SetStep"] | components["schemas"]["DefaultStep"];
        MoveStep: {
            move: components["schemas"]["MappingPath"];
            to: components["schemas"]["MappingPath"];
        };
        NameList: {
            /** @description In the order of the question. */
            data: components["schemas"]["NameView"][];
        };
        NameView: {
            /** @description As it was asked for. */
            subscription: string;
            uid: string | null;
            /** @description Null: there is no such subscription any more. */
            url: string | null;
        };
        NewEventInput: {
            /** @description A name of the space's catalogue. */
            type: string;
            /** @description What happened. Delivered byte for byte as it is written here; at most 256 KiB. */
            data: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * @description Your own id of the event, up to 256 characters, and not of the form of ours (`evt_` and 32 digits). Publishing it
             *     again answers with the first event.
             */
            id?: string;
            /** @description When it happened, RFC 3339: ISO 8601 with a zone; the time of publishing if left out. */
            occurredAt?: string;
            /**
             * @description When the event is worth nothing any more, ISO 8601 with a zone: deliveries that are pending or held then become
             *     `expired`. In the past: they are `expired` from the beginning.
             */
            expiresAt?: string;
            /** @description The same in seconds from now, 1 to 31,536,000; not together with `expiresAt`. */
            ttlSeconds?: number;
            /**
             * @description When it is to be delivered, ISO 8601 with a zone, at most a year ahead. Its deliveries wait until then, and can be
             *     cancelled. In the past: at once.
             */
            deliverAt?: string;
            /**
             * @description Your key of the person the event is about, 1 to 255 characters: what an erasure finds it by. The `leadId` of the
             *     scope if left out. Use a key that is no personal data itself, such as the id in your database.
             * @example lead_8f14e45f
             */
            subjectId?: string;
            /**
             * @description Where it happened, for subscriptions that listen to a part only: up to 20 values of 1 to 256 characters by name.
             *     Names begin with a letter and have up to 64 letters, digits, `_`, `.` and `-`.
             * @example {
             *       "client": "acme",
             *       "campaign": "spring",
             *       "region": "eu"
             *     }
             */
            tags?: {
                [key: string]: string;
            };
            /** @description The version of its type; the newest that is no draft if left out. */
            version?: number;
            /** @description `clientId`, `campaignId` and `leadId` are the tags `client`, `campaign` and `lead` under their older names. */
            scope?: components["schemas"]["EventScopeInput"];
        };
        NewSubscription: {
            /**
             * Format: uri
             * @description Where events are sent. https, unless the operator allows http; no user name, no private target.
             */
            url: string;
            /** @description Event names, `prefix.*` for everything below a prefix, or `*` for all, which is the default. */
            events?: string[];
            /** @description Your own id for it, unique in the space. Every path that takes a `sub_` id takes it too. */
            uid?: string | null;
            /** @description Your own notes: up to 50 texts by name. */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description Conditions on the event's data, by path: `{"lead.country": {"in": ["FR", "BE"]}}`. All must hold. `{"prefix": "a"}`
             *     and `{"suffix": "z"}` fit strings. `"$or": [filter, filter]` holds when one of these filters does; 32 conditions in
             *     all. A key that has dots stands in brackets: `lead["a.b"].c`. Numbers are compared to the last digit.
             */
            filter?: components["schemas"]["Filter"] | null;
            /** @description Extra request headers. Kept encrypted; shown to `manage` keys only. */
            headers?: {
                [key: string]: string;
            };
            /** @description Seconds between attempts. Empty: one attempt and no retry. Default: the operator's, `[5, 30, 300, 3600, 21600]`. */
            retrySchedule?: number[];
            /** @description How many failures in a row pause it; null: never. Default: the operator's, 10. */
            pauseAfter?: number | null;
            /**
             * @description So many seconds must lie between the first and the last of these failures, too, so that a restart under load pauses
             *     nothing. Default 0.
             */
            pauseAfterSeconds?: number;
            /** @description Milliseconds a whole attempt may take. Default 15,000. */
            timeoutMs?: number;
            /**
             * @description For how many days, since it was made, a held delivery waits for it before it expires. Null, the default: the
             *     operator's, 30.
             */
            heldDays?: number | null;
            /** @description How many deliveries are held for it; the oldest of more expire. Null, the default: the operator's, 1,000,000. */
            heldMax?: number | null;
            /**
             * @description The version in which it gets an event type, by name, for types that have versions. Newer events are converted down;
             *     older ones come as they are. Types that are not named come in the version that they are published in. Null: none is
             *     named. Of the native profile only.
             * @example {
             *       "lead.create": 1
             *     }
             */
            eventTypeVersions?: {
                [key: string]: number;
            } | null;
            /** @description What only subscriptions of this profile have. docs/profiles.md lists them. */
            profileOptions?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description For people. */
            description?: string | null;
            /** @description Default: the whole space. */
            scope?: components["schemas"]["ScopeInput"];
            /** @description A certificate to connect with (mTLS). Null: none. */
            clientCertificate?: components["schemas"]["ClientCertificateInput"] | null;
            /** @description Requests carry an access token of this OAuth2 client in `authorization`. Null: none. */
            oauth2?: components["schemas"]["OAuth2Input"] | null;
            /** @description `whsec_` and the base64 of 24 to 64 bytes; other profiles have forms of their own. Default: one is made. */
            secret?: string;
            /**
             * @description `consecutive` (default): a success starts the count of failures anew; `total`: only a person's resume does.
             * @enum {string}
             */
            pauseMode?: "consecutive" | "total";
            /**
             * @description When the schedule is used up. `fail`: the delivery has failed. `hold`: where the endpoint has answered nothing well
             *     since the delivery's first attempt, it is paused and the delivery held until it recovers. Default: the operator's,
             *     `fail`.
             * @enum {string}
             */
            onExhausted?: "fail" | "hold";
            /**
             * @description `probe` (default): while paused, try one held delivery after 5 min, 1 h and 6 h, and resume on success;
             *     when the failures lay within a minute, after 10 s, 30 s and 2 min first. `manual`: wait for a person.
             * @enum {string}
             */
            recovery?: "manual" | "probe";
            /** @description Default: none. */
            rateLimit?: components["schemas"]["RateLimitInput"] | null;
            /**
             * @description Whether requests carry `traceparent`, and `tracestate` where there is one: those of the publish request, or
             *     Posthorn's own span in the same trace where it is traced. Default false.
             */
            passTraceparent?: boolean;
            /**
             * @description Whose webhooks its requests look and behave like; it never changes. Default: the space's profile.
             * @enum {string}
             */
            profile?: "breakcold" | "breakcold-v2" | "leadlex" | "lemlist" | "native" | "smartlead";
            /** @description What the body of a request is made of. Null: the default. Of the native profile only, like the next two. */
            body?: components["schemas"]["BodyInput"] | null;
            /**
             * @description `json` (default), or `form`: the body as `application/x-www-form-urlencoded`, like `lead[email]=a&tags[0]=b`.
             * @enum {string}
             */
            contentType?: "form" | "json";
            /**
             * @description Default: `POST`.
             * @enum {string}
             */
            method?: "PATCH" | "POST" | "PUT";
            /**
             * @description `paused`: it holds what matches until it is resumed. Default: `active`.
             * @enum {string}
             */
            status?: "active" | "paused";
        };
        OAuth2Input: {
            /**
             * Format: uri
             * @description Where tokens are asked for; under the same rules as `url`.
             */
            tokenUrl: string;
            clientId: string;
            /** @description Kept encrypted, and never shown again. */
            clientSecret: string;
            scope?: string;
            audience?: string;
            /**
             * @description How the client proves itself to the token server. Default: `client_secret_basic`.
             * @enum {string}
             */
            authMethod?: "client_secret_basic" | "client_secret_post";
        };
        OAuth2View: {
            tokenUrl: string;
            clientId: string;
            scope: string | null;
            audience: string | null;
            /** @enum {string} */
            authMethod: "client_secret_basic" | "client_secret_post";
        };
        OverviewView: {
            /** @description Oldest first, without gaps. */
            buckets: components["schemas"]["BucketView"][];
            /**
             * @description From publish, or the time that the publisher asked for, to arrival, of events that arrived in the window. The time
             *     for which their endpoint was paused is left out. Null when none arrived.
             */
            latency: components["schemas"]["LatencyView"] | null;
            /** @description For how long those of them had to wait whose endpoint was paused; null when none was. */
            paused: components["schemas"]["PausedView"] | null;
            waiting: components["schemas"]["WaitingView"];
            capped: components["schemas"]["WaitingCapped"];
            endpoints: components["schemas"]["EndpointsView"];
            /** @description Up to ten, the worst first. */
            worst: components["schemas"]["FailingEndpointView"][];
        };
        PausedView: {
            p50: number;
            p95: number;
            p99: number;
            count: number;
        };
        PeopleList: {
            data: components["schemas"]["PersonView"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        PersonSession: {
            /** @example ses_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            /** @description `usr_…` */
            personId: string;
            /** @description Their mail address. */
            email: string | null;
            /**
             * @description How they signed in: `oidc` at the identity provider, `link` by a link in a mail.
             * @enum {string}
             */
            way: "link" | "oidc";
            /** @description Whether this request belongs to it. */
            isCurrent: boolean;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description The last request, to about a minute.
             */
            seenAt: string;
            /** Format: date-time */
            expiresAt: string;
            /** @description The IP address that it began from. */
            ip: string | null;
            userAgent: string | null;
        };
        PersonSessionList: {
            data: components["schemas"]["PersonSession"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        PersonSpace: {
            /** @description `spc_…` */
            space: string;
            /** @enum {string} */
            role: "admin" | "operator" | "support" | "viewer";
        };
        PersonView: {
            /** @example usr_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            email: string;
            name: string | null;
            /**
             * @description The role in all spaces; null: only the roles in `spaces`.
             * @enum {string|null}
             */
            role: "admin" | "operator" | "support" | "viewer" | null;
            /** @description True: `POSTHORN_ADMINS` makes them an admin, whatever their role here is. */
            adminBySetting: boolean;
            /** @description Further roles in single spaces. */
            spaces: components["schemas"]["RoleInSpace"][];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description When they last signed in; null: never.
             */
            signedInAt: string | null;
        };
        PortalColours: {
            /** @description Of buttons and links. */
            accent?: string;
            background?: string;
            text?: string;
        };
        PortalLink: {
            /** @description `lnk_…` */
            id: string;
            /** @enum {string} */
            scope: "manage" | "read";
            /** @description What it may do besides looking, where that is less than its scope allows. */
            rights?: ("edit" | "retry" | "secrets" | "test")[];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description From when on it is refused.
             */
            expiresAt: string;
        };
        PortalLinkList: {
            data: components["schemas"]["PortalLink"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        PortalLogo: {
            /** @enum {string} */
            type: "image/jpeg" | "image/png" | "image/svg+xml" | "image/webp";
            /**
             * Format: base64
             * @description The file in base64.
             */
            data: string;
        };
        PortalSchemes: {
            light?: components["schemas"]["PortalColours"];
            dark?: components["schemas"]["PortalColours"];
        };
        PortalView: {
            name: string | null;
            /** @description The address of the logo, also of one that was uploaded. */
            logoUrl: string | null;
            colours: components["schemas"]["PortalSchemes"] | null;
            fonts: string[];
            fontUrl: string | null;
            /** @enum {string} */
            scheme: "auto" | "dark" | "light";
            /** @enum {string|null} */
            language: "de" | "en" | "es" | "fr" | "ja" | "pt" | null;
            showPosthorn: boolean;
            frameAncestors: string[];
        };
        PreviewInput: {
            /**
             * @description The version in which it gets an event type, by name, for types that have versions. Newer events are converted down;
             *     older ones come as they are. Types that are not named come in the version that they are published in. Null: none is
             *     named. Of the native profile only.
             * @example {
             *       "lead.create": 1
             *     }
             */
            eventTypeVersions?: {
                [key: string]: number;
            } | null;
            /** @description What the body of a request is made of. Null: the default. Of the native profile only, like the next two. */
            body?: components["schemas"]["BodyInput"] | null;
            /**
             * @description `json` (default), or `form`: the body as `application/x-www-form-urlencoded`, like `lead[email]=a&tags[0]=b`.
             * @enum {string}
             */
            contentType?: "form" | "json";
            /**
             * @description Default: `POST`.
             * @enum {string}
             */
            method?: "PATCH" | "POST" | "PUT";
            /**
             * @description The event type whose example is taken, in the version that `eventTypeVersions` names; by default the first of the
             *     catalogue.
             */
            type?: string;
            /** @description Data to take instead of the example. */
            data?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
        };
        PreviewView: {
            /** @description The event type that it was tried with. */
            type: string;
            method: string;
            headers: string[][];
            body: string;
        };
        PreviousSecret: {
            secret: string;
            /** Format: date-time */
            expiresAt: string;
        };
        /** @description Why a request was refused (RFC 9457). */
        Problem: {
            /**
             * @description A URI that names the kind of problem.
             * @example urn:posthorn:problem:uid_taken
             */
            type: string;
            /**
             * @description The status's standard phrase.
             * @example Conflict
             */
            title: string;
            /** @example 409 */
            status: number;
            /** @description What is wrong and what to do about it, for people. */
            detail: string;
            /**
             * @description Stable, for programs.
             * @example uid_taken
             */
            code: string;
            /** @description What is wrong with which field, when fields are. */
            errors?: {
                /**
                 * @description The field.
                 * @example leaves[2].size
                 */
                path: string;
                /**
                 * @description Stable, for programs.
                 * @example unknown_field
                 */
                code: string;
                /** @description What is right instead. */
                message: string;
            }[];
        };
        ProviderView: {
            /** @description What the sign-in page calls it. */
            name: string;
        };
        PublishedList: {
            data: components["schemas"]["PublishedView"][];
        };
        PublishedView: {
            id: string;
            type: string;
            /** @description Whether an event with this `id` and body was stored before; then it is that one. */
            duplicate: boolean;
            /** @description How many deliveries the event has. */
            deliveries: number;
            /**
             * @description What you should know about the event, which was stored all the same: its data differs from the schema of its type
             *     (`schema_mismatch`, `schema_unusable`), or the type is deprecated (`deprecated_event_type`). Absent: nothing.
             */
            warnings?: components["schemas"]["WarningView"][];
        };
        PutEventType: {
            /** @description Further examples by name, up to 20, valid against the schema; at most 64 KiB together with `example`. */
            examples?: {
                [key: string]: {
                    [key: string]: components["schemas"]["StorableValue"];
                };
            };
            /**
             * @description Later versions, by number: `2` and so on. `schema` and `example` beside them are those of version 1. What is
             *     published without a version is of the newest that is no draft.
             */
            versions?: {
                [key: string]: components["schemas"]["VersionInput"];
            };
            /** @description The name of the type to use instead. */
            replacedBy?: string | null;
            /** @description What the event means, in a sentence. */
            description?: string;
            /** @description The group it is shown in; `Custom` if left out. */
            family?: string;
            /**
             * @description JSON Schema (draft 2020-12) of the event's data, at most 32 KiB; `{}` if left out. `validation` says whether
             *     published data is compared with it.
             */
            schema?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /**
             * @description A complete `data` object, valid against the schema, at most 64 KiB. Test deliveries send it. The first of
             *     `examples` if left out.
             */
            example?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description The same as `family`. */
            group?: string;
            /** @description Whether publishers should stop using it: answers to them warn. `true` if left out where `replacedBy` is given. */
            deprecated?: boolean;
            /**
             * @description What becomes of data that differs from the schema: nothing (`off`), the answer, the log and a metric tell (`warn`),
             *     or the request is refused (`enforce`). Null or left out: as the space, or else the instance, has it.
             * @enum {string|null}
             */
            validation?: "enforce" | "off" | "warn" | null;
        };
        PutInstanceType: {
            /** @description Further examples by name, up to 20, valid against the schema; at most 64 KiB together with `example`. */
            examples?: {
                [key: string]: {
                    [key: string]: components["schemas"]["StorableValue"];
                };
            };
            /**
             * @description Later versions, by number: `2` and so on. `schema` and `example` beside them are those of version 1. What is
             *     published without a version is of the newest that is no draft.
             */
            versions?: {
                [key: string]: components["schemas"]["VersionInput"];
            };
            /** @description The name of the type to use instead. */
            replacedBy?: string | null;
            /** @description Only spaces that have this feature (`features` of their catalogue) see the type. Null: all do. */
            feature?: string | null;
            /** @description What the event means, in a sentence. */
            description?: string;
            /** @description The group it is shown in; `Custom` if left out. */
            family?: string;
            /**
             * @description JSON Schema (draft 2020-12) of the event's data, at most 32 KiB; `{}` if left out. `validation` says whether
             *     published data is compared with it.
             */
            schema?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /**
             * @description A complete `data` object, valid against the schema, at most 64 KiB. Test deliveries send it. The first of
             *     `examples` if left out.
             */
            example?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description The same as `family`. */
            group?: string;
            /** @description Whether publishers should stop using it: answers to them warn. `true` if left out where `replacedBy` is given. */
            deprecated?: boolean;
            /**
             * @description What becomes of data that differs from the schema: nothing (`off`), the answer, the log and a metric tell (`warn`),
             *     or the request is refused (`enforce`). Null or left out: as the space, or else the instance, has it.
             * @enum {string|null}
             */
            validation?: "enforce" | "off" | "warn" | null;
        };
        RateLimitInput: {
            /** @description Attempts a second at most. */
            perSecond: number;
        };
        RateLimitView: {
            perSecond: number;
        };
        Readiness: {
            /** @description Each check by name. */
            checks: {
                [key: string]: components["schemas"]["CheckResult"];
            };
            /** @enum {string} */
            status: "ok" | "unavailable";
        };
        ReceivedList: {
            data: components["schemas"]["ReceivedView"][];
        };
        ReceivedView: {
            /** @description `req_…` */
            id: string;
            /** Format: date-time */
            at: string;
            method: string;
            path: string;
            headers: string[][];
            /** @description The first 64 KiB. */
            body: string;
            /** @description Whether there was more than is shown. */
            bodyTruncated: boolean;
        };
        ReceiverChanges: {
            /** @description The status of its answers. */
            status?: number;
            /** @description How long it waits before it answers, milliseconds. */
            delayMs?: number;
            /** @description The `Retry-After` of its answers; null: none. */
            retryAfterSeconds?: number | null;
        };
        ReceiverView: {
            /** @description `rcv_…` */
            id: string;
            /** @description Use it as a subscription's URL. */
            url: string;
            status: number;
            delayMs: number;
            retryAfterSeconds: number | null;
        };
        RecentAttemptView: {
            /** @description `dlv_…` */
            deliveryId: string;
            n: number;
            /** Format: date-time */
            startedAt: string;
            /**
             * @description `retried`: it failed, and its delivery is tried again, or waits.
             * @enum {string}
             */
            outcome: "failed" | "retried" | "succeeded";
            statusCode: number | null;
            errorCode: string | null;
            /** @description Milliseconds; null: it is not known. */
            totalMs: number | null;
        };
        RecentList: {
            /** @description In the order of the question. What the space does not have has no deliveries. */
            data: components["schemas"]["RecentOfOne"][];
        };
        RecentOfOne: {
            /** @description As it was asked for. */
            subscription: string;
            /** @description Up to 24, oldest first. */
            deliveries: components["schemas"]["RecentView"][];
        };
        RecentView: {
            /** @enum {string} */
            status: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
            attemptCount: number;
        };
        RemovedView: {
            /**
             * @description `erased`: somebody asked for it (`/erasures`). `retention`: the space keeps bodies for that long only.
             * @enum {string}
             */
            reason: "erased" | "retention";
            /** @description After how many days retention removed it; null for an erasure, or when its whole event is gone. */
            afterDays: number | null;
            /** @description For people. */
            message: string;
        };
        ReplayInput: {
            /** @description Deliveries a second at most. Default: as fast as workers and endpoints allow. `PATCH …/jobs/:job` changes it. */
            perSecond?: number;
            /**
             * @description Seconds before it begins, in which it can be cancelled as if it had not been asked for.
             * @default 0
             */
            delaySeconds: number;
            /** @description Only events published at or after this time, ISO 8601. Required, but for `lost`. */
            since?: string;
            /** @description Only events published before this time, ISO 8601. Default: now. */
            until?: string;
            /**
             * @description Exactly what the subscription's `lost` tells of, instead of `since`, `until` and `statuses`. The note is gone then.
             * @default false
             */
            lost: boolean;
            /**
             * @description Another subscription, by id or uid, that gets the events instead, as far as it wants them. `statuses` and `lost`
             *     are still about this one.
             */
            target?: string;
            /**
             * @description Only count: the job makes nothing, its `total` is the number.
             * @default false
             */
            dryRun: boolean;
            /**
             * @description By what became of the event's newest delivery to this subscription; `none`: it has none. Default: `failed`,
             *     `cancelled`, `skipped`, `expired` and `none`, which is all that the endpoint missed. What is pending or held is on
             *     its way.
             */
            statuses?: ("cancelled" | "expired" | "failed" | "none" | "skipped" | "succeeded")[];
            /** @description Only events of these types: names, or patterns such as `lead.*`. */
            eventTypes?: string[];
        };
        RequestView: {
            /** @enum {string} */
            method: "PATCH" | "POST" | "PUT";
            /** @description As it was called. */
            url: string;
            headers: string[][];
            /**
             * @description The body as it was signed and sent; with a template, as it is now. After `template_failed`: the usual body that the
             *     template was given; after `conversion_failed`: the body in the version of the event. Null when
             *     it was removed: `removed` says why.
             */
            body: string | null;
            /** @description Absent while body and headers are there. */
            removed?: components["schemas"]["RemovedView"];
        };
        ResealResult: {
            /** @description Subscriptions looked at. */
            checked: number;
            /** @description How many of them were sealed with an older key. */
            resealed: number;
            /** @description Ids of those that none of the encryption keys opens. */
            unreadable: string[];
        };
        ResponseView: {
            statusCode: number;
            headers: string[][];
            /**
             * @description The first 64 KiB, without the compression of `gzip`, `deflate` or `br`. Null when it was removed: `removed` says
             *     why.
             */
            body: string | null;
            /** @description Absent while body and headers are there. */
            removed?: components["schemas"]["RemovedView"];
            /**
             * @description `base64` when the body is not UTF-8 text.
             * @enum {string}
             */
            bodyEncoding: "base64" | "utf8";
            /** @description Whether there was more than is shown. */
            bodyTruncated: boolean;
        };
        ResumeInput: {
            /**
             * @description What becomes of the deliveries held meanwhile: sent, oldest first, or cancelled.
             * @default deliver
             * @enum {string}
             */
            backlog: "deliver" | "discard";
        };
        RetryCount: {
            count: number;
            /** @description False: counting took too long, and there are more. */
            exact: boolean;
        };
        RoleInSpace: {
            /** @description `spc_…` */
            spaceId: string;
            /** @description The name of the space. */
            name: string;
            /** @enum {string} */
            role: "admin" | "operator" | "support" | "viewer";
        };
        RotateInput: {
            /**
             * @description Seconds for which the secrets before it go on signing. 0: they stop at once.
             * @default 86400
             */
            overlapSeconds: number;
            /** @description `whsec_` and the base64 of 24 to 64 bytes; other profiles have forms of their own. Default: one is made. */
            secret?: string;
        };
        RoutedView: {
            /** @description `sub_…` */
            subscriptionId: string;
            url: string;
            /** @description Your own id of the subscription. */
            uid: string | null;
            /** @description Whether it has a delivery of the event. */
            matched: boolean;
            /**
             * @description Without a delivery: `event_type`, `scope` and `filter:<path>` (it does not ask for such events; the first condition
             *     that fails; `filter:$or` where no alternative holds), `no_equivalent` (its profile has no equivalent), `priority`
             *     (others of its profile come first), `profile:<word>` (a filter of its profile), `not_first` (it gets the first such
             *     event only),
             *     `created_later` (it did not exist yet), `changed_later` (it would match now), `test` (a test send to another one).
             *     With one: `paused` (it is held), `skipped` (it was paused, and its profile lets nothing wait),
             *     `expired` (the event ended before, or it was held for too long), or null.
             */
            reason: string | null;
            /** @description Its newest delivery of the event. */
            deliveryId: string | null;
            /**
             * @description How that one stands; null without one, as what follows.
             * @enum {string|null}
             */
            deliveryStatus: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded" | null;
            attemptCount: number | null;
            /** @description Of the last attempt. */
            lastStatusCode: number | null;
            lastError: string | null;
        };
        RoutingPage: {
            data: components["schemas"]["RoutedView"][];
            /** @description Where the next page begins; null on the last one. */
            nextCursor: string | null;
        };
        ScopeInput: {
            /**
             * @description Only events that have all of these tags, by name: a value, or a list of values of which one fits. Of the native
             *     profile only.
             * @example {
             *       "client": "acme",
             *       "region": [
             *         "eu",
             *         "uk"
             *       ]
             *     }
             */
            tags?: {
                [key: string]: string | string[];
            };
            /**
             * @description `space`: everything; `tags`: only events with the tags that `tags` has; `client` and `campaign`: only events of the
             *     one that is named, which is the tag of that name. May be left out with `tags`.
             * @enum {string}
             */
            level?: "campaign" | "client" | "space" | "tags";
            /** @description With level `client` only. */
            clientId?: string;
            /** @description With level `campaign` only. */
            campaignId?: string;
        } & ({
            /** @constant */
            level: "space";
        } | {
            /** @constant */
            level: "client";
        } | {
            /** @constant */
            level: "campaign";
        } | {
            /** @constant */
            level?: "tags";
        });
        ScopeView: {
            /** @description With level `tags`: the value of each, or the list of those that fit. */
            tags?: {
                [key: string]: string | string[];
            };
            /** @enum {string} */
            level: "campaign" | "client" | "space" | "tags";
            clientId?: string;
            campaignId?: string;
        };
        SearchView: {
            data: components["schemas"]["FoundView"][];
            /** @description Whether more would be found with a longer text. */
            capped: boolean;
            /**
             * @description Of an attempt's id, which no index knows and was not found: the time of the oldest delivery whose attempts were
             *     looked at. Null otherwise.
             */
            searchedTo: string | null;
        };
        SecretView: {
            /** @description Null: it has none. */
            secret: string | null;
            /** @description Those before it which still sign, newest first. */
            previous: components["schemas"]["PreviousSecret"][];
        };
        SessionView: {
            /**
             * @description The admin key, a space's key, a portal link's token, or a person's session.
             * @enum {string}
             */
            kind: "admin" | "person" | "portal" | "space";
            /** @description Absent for keys and links. */
            person?: components["schemas"]["SignedInPerson"];
            /** @description The one space it opens, `spc_…`; null for the admin key, which opens all, and for people. */
            space: string | null;
            /** @description That space's; null for the admin key, and for people. */
            profile: string | null;
            /**
             * @description Of a person the scope nearest to their role in all spaces.
             * @enum {string}
             */
            scope: "admin" | "manage" | "publish" | "read";
            /** @description What a portal link may do besides looking; absent for keys. */
            rights?: ("edit" | "retry" | "secrets" | "test")[];
            /** @description How the portal looks; absent for keys. */
            portal?: components["schemas"]["PortalView"];
            /** @description Null when the operator set none. */
            branding: components["schemas"]["BrandingView"] | null;
            /** @description Whether spaces may have receivers inside the engine. */
            testReceiver: boolean;
            /** @description The engine's. */
            version: string;
        };
        SetSpaceRole: {
            /**
             * @description Applies from their next request on.
             * @enum {string}
             */
            role: "admin" | "operator" | "support" | "viewer";
        };
        SetStep: {
            set: components["schemas"]["MappingPath"];
            value: components["schemas"]["StorableValue"];
        };
        SignInWays: {
            /** @description Null: there is no identity provider. */
            oidc: components["schemas"]["ProviderView"] | null;
            /** @description Whether links are sent by mail. */
            link: boolean;
            /** @description Whether the browser that asks has a session already, in a cookie that its pages cannot read. */
            signedIn: boolean;
        };
        SignedInPerson: {
            /** @description `usr_…` */
            id: string;
            email: string;
            /**
             * @description The role in all spaces; null: only the roles in `spaces`.
             * @enum {string|null}
             */
            role: "admin" | "operator" | "support" | "viewer" | null;
            /** @description Roles in single spaces. */
            spaces: components["schemas"]["PersonSpace"][];
            /** @description The session of this request, `ses_…`. */
            session: string;
        };
        SigningSecretView: {
            /**
             * Format: date-time
             * @description When it became the current one.
             */
            since: string;
            /**
             * Format: date-time
             * @description When it stops to sign; null: it is the current one.
             */
            expiresAt: string | null;
        };
        Simulation: {
            /**
             * @description How many events.
             * @default 1
             */
            count: number;
            /** @description One type of the space's catalogue; by default one after the other. */
            type?: string;
        };
        Space: {
            /** @example spc_0199c2f04f3b7a52b8d1e6a3c9f70412 */
            id: string;
            /** @description Your own id for it. */
            uid: string | null;
            /** @description What people call it. */
            name: string;
            /** @description How its webhooks behave. */
            profile: string;
            /** @description Your own notes. Empty for the space's own keys. */
            metadata: {
                [key: string]: string;
            };
            /** @description The operator's. Empty for the space's own keys. */
            tags: string[];
            /** @description What it may have. */
            limits: components["schemas"]["SpaceLimits"];
            /** @description For how many days it keeps things. */
            retention: components["schemas"]["SpaceRetentionView"];
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            updatedAt: string;
        };
        SpaceCatalogueView: {
            /**
             * @description What becomes of data that differs from the schema of its type, where the type does not say.
             * @enum {string}
             */
            validation: "enforce" | "off" | "warn";
            /** @description Whether the built-in events are part of it. */
            builtInEvents: boolean;
            /** @description Names and patterns that are not. */
            hidden: string[];
            /** @description The features of the instance's event types that it has. */
            features: string[];
        };
        SpaceHealthView: {
            /** @description `spc_…` */
            space: string;
            uid: string | null;
            name: string;
            /** @description In the window. */
            attempts: number;
            /** @description Of these, those that failed. */
            failedAttempts: number;
            endpoints: number;
            /** @description Active, and the last attempt failed. */
            failing: number;
            paused: number;
            /** @description Held deliveries; counting ends at 2,000. */
            held: components["schemas"]["CountView"];
            /**
             * Format: date-time
             * @description Since when a delivery has been due; null when none is. Among the 5,000 oldest of all spaces.
             */
            oldestDueAt: string | null;
        };
        SpaceLimits: {
            /** @description Subscriptions. */
            subscriptions: number;
            /** @description API keys. */
            keys: number;
            /** @description Portal links that work. */
            portalLinks: number;
            /** @description Event types of its own. */
            eventTypes: number;
            /** @description Bytes of one stored filter. */
            filterBytes: number;
            /** @description Deliveries one publish request may make before it takes turns with others like it. */
            fanOut: number;
            /** @description Replays and bulk retries under way. */
            openJobs: number;
            /** @description Published events a second, for each process that publishes. */
            eventsPerSecond: number;
        };
        SpaceLimitsInput: {
            /** @description Subscriptions. */
            subscriptions?: number | null;
            /** @description API keys. */
            keys?: number | null;
            /** @description Portal links that work. */
            portalLinks?: number | null;
            /** @description Event types of its own. */
            eventTypes?: number | null;
            /** @description Bytes of one stored filter. */
            filterBytes?: number | null;
            /** @description Deliveries one publish request may make before it takes turns with others like it. */
            fanOut?: number | null;
            /** @description Replays and bulk retries under way. */
            openJobs?: number | null;
            /** @description Published events a second, for each process that publishes. */
            eventsPerSecond?: number | null;
        };
        SpaceList: {
            data: components["schemas"]["Space"][];
            /** @description Pass it as `cursor` for the next page; null on the last one. */
            nextCursor: string | null;
        };
        SpacePeople: {
            data: components["schemas"]["SpacePerson"][];
        };
        SpacePerson: {
            /** @description `usr_…` */
            id: string;
            email: string;
            name: string | null;
            /**
             * @description Their role in this space.
             * @enum {string}
             */
            role: "admin" | "operator" | "support" | "viewer";
        };
        SpaceRetentionInput: {
            /** @description Events, and deliveries with their attempts. */
            eventsDays?: number | null;
            /** @description Attempts. Deliveries stay, with their last status code. */
            attemptsDays?: number | null;
            /** @description The data of events, and the bodies and headers of attempts. Ids, times and status codes stay. */
            bodiesDays?: number | null;
        };
        SpaceRetentionView: {
            /** @description Events, and deliveries with their attempts. */
            eventsDays: number;
            /** @description Attempts. */
            attemptsDays: number;
            /** @description The data of events, and the bodies and headers of attempts. */
            bodiesDays: number;
        };
        /** @description Any JSON value that can be stored. */
        StorableValue: unknown;
        SubscriptionChanges: {
            /**
             * Format: uri
             * @description Where events are sent. https, unless the operator allows http; no user name, no private target.
             */
            url?: string;
            /** @description Event names, `prefix.*` for everything below a prefix, or `*` for all, which is the default. */
            events?: string[];
            /** @description Your own id for it, unique in the space. Every path that takes a `sub_` id takes it too. */
            uid?: string | null;
            /** @description Your own notes: up to 50 texts by name. */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description Conditions on the event's data, by path: `{"lead.country": {"in": ["FR", "BE"]}}`. All must hold. `{"prefix": "a"}`
             *     and `{"suffix": "z"}` fit strings. `"$or": [filter, filter]` holds when one of these filters does; 32 conditions in
             *     all. A key that has dots stands in brackets: `lead["a.b"].c`. Numbers are compared to the last digit.
             */
            filter?: components["schemas"]["Filter"] | null;
            /** @description Extra request headers. Kept encrypted; shown to `manage` keys only. */
            headers?: {
                [key: string]: string;
            };
            /** @description Seconds between attempts. Empty: one attempt and no retry. Default: the operator's, `[5, 30, 300, 3600, 21600]`. */
            retrySchedule?: number[];
            /** @description How many failures in a row pause it; null: never. Default: the operator's, 10. */
            pauseAfter?: number | null;
            /**
             * @description So many seconds must lie between the first and the last of these failures, too, so that a restart under load pauses
             *     nothing. Default 0.
             */
            pauseAfterSeconds?: number;
            /** @description Milliseconds a whole attempt may take. Default 15,000. */
            timeoutMs?: number;
            /**
             * @description For how many days, since it was made, a held delivery waits for it before it expires. Null, the default: the
             *     operator's, 30.
             */
            heldDays?: number | null;
            /** @description How many deliveries are held for it; the oldest of more expire. Null, the default: the operator's, 1,000,000. */
            heldMax?: number | null;
            /**
             * @description The version in which it gets an event type, by name, for types that have versions. Newer events are converted down;
             *     older ones come as they are. Types that are not named come in the version that they are published in. Null: none is
             *     named. Of the native profile only.
             * @example {
             *       "lead.create": 1
             *     }
             */
            eventTypeVersions?: {
                [key: string]: number;
            } | null;
            /** @description What only subscriptions of this profile have. docs/profiles.md lists them. */
            profileOptions?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description For people. */
            description?: string | null;
            /** @description Default: the whole space. */
            scope?: components["schemas"]["ScopeInput"];
            /** @description A certificate to connect with (mTLS). Null: none. */
            clientCertificate?: components["schemas"]["ClientCertificateInput"] | null;
            /** @description Requests carry an access token of this OAuth2 client in `authorization`. Null: none. */
            oauth2?: components["schemas"]["OAuth2Input"] | null;
            /**
             * @description `consecutive` (default): a success starts the count of failures anew; `total`: only a person's resume does.
             * @enum {string}
             */
            pauseMode?: "consecutive" | "total";
            /**
             * @description When the schedule is used up. `fail`: the delivery has failed. `hold`: where the endpoint has answered nothing well
             *     since the delivery's first attempt, it is paused and the delivery held until it recovers. Default: the operator's,
             *     `fail`.
             * @enum {string}
             */
            onExhausted?: "fail" | "hold";
            /**
             * @description `probe` (default): while paused, try one held delivery after 5 min, 1 h and 6 h, and resume on success;
             *     when the failures lay within a minute, after 10 s, 30 s and 2 min first. `manual`: wait for a person.
             * @enum {string}
             */
            recovery?: "manual" | "probe";
            /** @description Default: none. */
            rateLimit?: components["schemas"]["RateLimitInput"] | null;
            /**
             * @description Whether requests carry `traceparent`, and `tracestate` where there is one: those of the publish request, or
             *     Posthorn's own span in the same trace where it is traced. Default false.
             */
            passTraceparent?: boolean;
            /** @description What the body of a request is made of. Null: the default. Of the native profile only, like the next two. */
            body?: components["schemas"]["BodyInput"] | null;
            /**
             * @description `json` (default), or `form`: the body as `application/x-www-form-urlencoded`, like `lead[email]=a&tags[0]=b`.
             * @enum {string}
             */
            contentType?: "form" | "json";
            /**
             * @description Default: `POST`.
             * @enum {string}
             */
            method?: "PATCH" | "POST" | "PUT";
        };
        SubscriptionPage: {
            data: components["schemas"]["SubscriptionView"][];
            /** @description Where the next page begins; null on the last one. */
            nextCursor: string | null;
        };
        SubscriptionView: {
            /** @description The version in which it gets an event type, by name; null: as each is published. */
            eventTypeVersions: {
                [key: string]: number;
            } | null;
            /** @description What only subscriptions of this profile have. */
            profileOptions: {
                [key: string]: unknown;
            };
            /** @description `sub_…` */
            id: string;
            uid: string | null;
            url: string;
            description: string | null;
            events: string[];
            scope: components["schemas"]["ScopeView"];
            filter: Record<string, never> | null;
            /**
             * @description Extra request headers. Values are `***` for keys without the scope `manage`; null: the key that sealed them is
             *     lost.
             */
            headers: {
                [key: string]: string;
            } | null;
            /** @description Null: none, or the key that sealed it is lost. */
            clientCertificate: components["schemas"]["ClientCertificateView"] | null;
            /** @description Null: none, or the key that sealed it is lost. */
            oauth2: components["schemas"]["OAuth2View"] | null;
            /** @description Seconds between attempts. */
            retrySchedule: number[];
            /** @description Failures that pause it; null: never. */
            pauseAfter: number | null;
            /** @description Seconds that must lie between the first and the last of these failures, too. */
            pauseAfterSeconds: number;
            /** @enum {string} */
            pauseMode: "consecutive" | "total";
            /**
             * @description What becomes of a delivery whose schedule is used up while the endpoint answers nothing well.
             * @enum {string}
             */
            onExhausted: "fail" | "hold";
            /** @enum {string} */
            recovery: "manual" | "probe";
            /** @description Milliseconds a whole attempt may take. */
            timeoutMs: number;
            rateLimit: components["schemas"]["RateLimitView"] | null;
            /** @description For how many days what is held waits for it; null: as many as the instance's. */
            heldDays: number | null;
            /** @description How many deliveries are held for it; null: as many as the instance's. */
            heldMax: number | null;
            /** @description Whether requests carry the `traceparent` of their events. */
            passTraceparent: boolean;
            /** @description What the body of a request is made of. */
            body: components["schemas"]["BodyView"];
            /** @enum {string} */
            contentType: "form" | "json";
            /** @enum {string} */
            method: "PATCH" | "POST" | "PUT";
            profile: string;
            /** @description What the provider's own API calls it; null where that is the id's UUID. */
            providerId: string | null;
            metadata: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "paused";
            /**
             * @description Null while active.
             * @enum {string|null}
             */
            pausedReason: "failures" | "gone" | "manual" | "rate" | null;
            /** Format: date-time */
            pausedAt: string | null;
            /** @description Why it is paused and what comes next, in words; null while active. */
            pausedDetail: string | null;
            /**
             * Format: date-time
             * @description When one of the held deliveries is tried; null while active, and where a person has to resume it.
             */
            nextProbeAt: string | null;
            /** @description Failed attempts since the last success. */
            failureCount: number;
            /**
             * Format: date-time
             * @description When the first of them was; null: there is none, or it is not known.
             */
            firstFailureAt: string | null;
            /**
             * Format: date-time
             * @description Until when nothing is sent because the endpoint asked for it (`Retry-After`); null: it does not wait.
             */
            waitsUntil: string | null;
            /** @description The job that sends what is held for it at a pace; null: there is none. */
            drainJobId: string | null;
            /** @description What was lost; null: nothing, or it was sent again. */
            lost: components["schemas"]["LostView"] | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        SyncReportView: {
            created: string[];
            updated: string[];
            unchanged: string[];
            removed: string[];
        };
        SyncTypes: {
            /** @description A definition for each name, as `PUT /v1/event-types/{name}` takes it. */
            types: {
                [key: string]: components["schemas"]["PutInstanceType"];
            };
            /** @description Remove event types that were defined by this way before and are not among these. */
            prune?: boolean;
            /** @description Also where a change breaks publishers or receivers of a version. */
            force?: boolean;
            /** @description Change nothing; only answer what would be changed. */
            dryRun?: boolean;
        };
        SystemCapped: {
            due: boolean;
            retrying: boolean;
            held: boolean;
        };
        SystemCertificate: {
            /** @description `sub_…` */
            subscriptionId: string;
            url: string;
            /** @description `spc_…` */
            space: string;
            spaceName: string;
            /** @description As a worker last saw it. ISO 8601, UTC. */
            validTo: string;
        };
        SystemCertificates: {
            count: number;
            /** @description Up to 20, the soonest first. */
            soonest: components["schemas"]["SystemCertificate"][];
        };
        SystemConnections: {
            /** @description Of all processes of Posthorn. */
            posthorn: number;
            /** @description To this database. */
            database: number;
            /** @description To the whole server. */
            server: number;
            /** @description What the server allows. */
            allowed: number;
        };
        SystemDatabase: {
            /** @enum {string} */
            state: "away" | "failed" | "ok" | "timeout";
            /** @description The server's version; null with everything else while the database gives no answer. */
            version: string | null;
            sizeBytes: number | null;
            connections: components["schemas"]["SystemConnections"] | null;
            isReadOnly: boolean | null;
            /** @description Whether this server follows another one. */
            isStandby: boolean | null;
            /** @description Servers that stream from this one. */
            replicas: number | null;
            migrations: components["schemas"]["SystemMigrations"] | null;
            /** @description Largest first; null: unknown. */
            tables: components["schemas"]["SystemTable"][] | null;
        };
        SystemDeliveries: {
            /** @description Due, and no worker has leased them. */
            due: number;
            /** @description For how long the oldest of them has been due, seconds; null: none is due. */
            oldestDueSeconds: number | null;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            oldestDueAt: string | null;
            /** @description Their next attempt is planned for later. */
            retrying: number;
            /** @description Their subscription is paused. */
            held: number;
            capped: components["schemas"]["SystemCapped"];
        };
        SystemJobs: {
            running: number;
            waiting: number;
            /** @description Of those made in the last 24 hours. */
            failed: number;
        };
        SystemMigrations: {
            applied: number;
            /** @description How many this release has. */
            expected: number;
            /** @description Those that the schema lacks. */
            missing: string[];
            /** @description Those that this release does not know: the schema is of a newer one. */
            unknown: string[];
        };
        SystemPartition: {
            name: string;
            sizeBytes: number;
            /** @description From the database's statistics. */
            estimatedRows: number;
        };
        SystemPool: {
            open: number;
            idle: number;
            /** @description Statements that wait for a connection. */
            waiting: number;
            max: number;
        };
        SystemProcess: {
            id: string;
            /**
             * @description `module`: inside a host application.
             * @enum {string}
             */
            role: "all" | "api" | "module" | "worker";
            /** @description Posthorn's version. */
            version: string;
            /** @description The machine's name. */
            host: string;
            pid: number;
            /**
             * Format: date-time
             * @description ISO 8601, UTC.
             */
            startedAt: string;
            /**
             * Format: date-time
             * @description Its last report, which comes every ten seconds. ISO 8601, UTC.
             */
            seenAt: string;
            /**
             * @description `silent`: no report for 25 s. `ended`: other workers found that it is gone. It is listed for 15 minutes.
             * @enum {string}
             */
            state: "alive" | "ended" | "silent";
            /** @description How far the machine's clock is ahead of the database's, milliseconds. */
            clockSkewMs: number;
            /** @description Whether it is the one that answers. */
            isThis: boolean;
        };
        SystemQueue: {
            /** @enum {string} */
            backend: "postgres" | "redis";
            /** @enum {string} */
            state: "away" | "failed" | "ok" | "timeout";
            /** @description Jobs waiting or delayed; null: unknown. */
            depth: number | null;
            /** @description For how long the oldest waiting job has been in the queue, seconds; null: none waits, or unknown. */
            lagSeconds: number | null;
        };
        SystemRetention: {
            days: number;
            /** @description The oldest day with a partition, `2031-05-10`; null: unknown. */
            oldestDay: string | null;
            /**
             * Format: date-time
             * @description When that day may be dropped. What is not finished stays longer. ISO 8601, UTC.
             */
            nextDropAt: string | null;
        };
        SystemSelf: {
            id: string;
            /** @enum {string} */
            role: "all" | "api" | "module" | "worker";
            version: string;
            host: string;
            pid: number;
            /** Format: date-time */
            startedAt: string;
            /** @description Node's version. */
            node: string;
            /** @description Resident memory, bytes. */
            memoryBytes: number;
            pool: components["schemas"]["SystemPool"];
        };
        SystemSetting: {
            /** @description The environment variable. */
            name: string;
            /** @description Null for secrets: it is set, and its value is not shown. */
            value: string | null;
            default: string | null;
        };
        SystemState: {
            /**
             * Format: date-time
             * @description When this was read, ISO 8601, UTC. It is read again after 5 s at the earliest.
             */
            readAt: string;
            /**
             * @description `unavailable`: the database gives no answer. `warning`: there are warnings.
             * @enum {string}
             */
            status: "ok" | "unavailable" | "warning";
            warnings: components["schemas"]["SystemWarning"][];
            self: components["schemas"]["SystemSelf"];
            /** @description Null: unknown. */
            processes: components["schemas"]["SystemProcess"][] | null;
            queue: components["schemas"]["SystemQueue"];
            /** @description Null: unknown. */
            deliveries: components["schemas"]["SystemDeliveries"] | null;
            database: components["schemas"]["SystemDatabase"];
            retention: components["schemas"]["SystemRetention"];
            /** @description Null: unknown. */
            jobs: components["schemas"]["SystemJobs"] | null;
            /** @description The uid of the space that gets the operational events; null: none are published. */
            operationalSpace: string | null;
            /** @description Null: unknown. They are no warnings: whose endpoint it is has to renew it. */
            certificates: components["schemas"]["SystemCertificates"] | null;
            /** @description Settings that differ from their defaults. */
            settings: components["schemas"]["SystemSetting"][];
        };
        SystemTable: {
            name: string;
            /** @description With indexes. */
            sizeBytes: number;
            /** @description From the database's statistics. */
            estimatedRows: number;
            /** @description Empty for a table that is not divided into days. */
            partitions: components["schemas"]["SystemPartition"][];
        };
        SystemWarning: {
            /** @example process_silent */
            code: string;
            /** @description One sentence. */
            message: string;
        };
        TestSend: {
            /** @description The event type whose example is sent; by default the first one the subscription wants. */
            type?: string;
            /** @description Sent instead of the example; at most 256 KiB. */
            data?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
        };
        TimingsView: {
            dns: number | null;
            connect: number | null;
            tls: number | null;
            firstByte: number | null;
            total: number | null;
        };
        TrialCheck: {
            /** @enum {string} */
            check: "event_type" | "filter" | "scope";
            /** @description Of a filter: the path of its condition, or `$or`. */
            path: string | null;
            holds: boolean;
        };
        TrialInput: {
            /** @description An event that was published, by id or the publisher's own id. */
            event?: string;
            /** @description Without `event`: the type whose example is taken; by default the first that the subscription wants. */
            type?: string;
            /** @description Data to take instead of the example. */
            data?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
        };
        TrialRequest: {
            /** @enum {string} */
            method: "PATCH" | "POST" | "PUT";
            /** @description The event type, in the words of the subscription's profile. */
            type: string;
            url: string;
            headers: string[][];
            /** @description Null: it could not be made; `problem` says why. */
            body: string | null;
            problem: string | null;
        };
        TrialView: {
            /** @description `evt_…`; null for an example. */
            eventId: string | null;
            /** @description The event's type as it was, or would be, published. */
            type: string;
            /** @description Whether it would get a delivery. */
            wanted: boolean;
            /** @description Why not, as in an event's `routing`; null where it would. */
            reason: string | null;
            /** @description What it asks for, one by one, so that all of it that does not hold is seen at once. */
            checks: components["schemas"]["TrialCheck"][];
            /** @description Whether the delivery would wait, because the subscription is paused. */
            held: boolean;
            /** @description One for each type; where it is not wanted, as it would be otherwise. */
            requests: components["schemas"]["TrialRequest"][];
        };
        UpdateSpace: {
            /**
             * @description Your own id for it; paths take it wherever they take ours. No two spaces share one.
             * @example acme
             */
            uid?: string | null;
            /** @description Your own notes: up to 50 strings by name. */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description Words to find it by, and to address a broadcast to: up to 20, each of 1 to 64 letters, digits, `_`, `.`, `:` and
             *     `-`.
             * @example [
             *       "beta"
             *     ]
             */
            tags?: string[];
            /**
             * @description What people call it.
             * @example Acme Ltd
             */
            name?: string;
            /** @description What it may have, where that is not what everybody may. */
            limits?: components["schemas"]["SpaceLimitsInput"];
            /** @description For how many days it keeps things, where that is less than the instance. */
            retention?: components["schemas"]["SpaceRetentionInput"];
        };
        VersionInput: {
            /** @description Further examples by name, up to 20, valid against the schema. */
            examples?: {
                [key: string]: {
                    [key: string]: components["schemas"]["StorableValue"];
                };
            };
            /**
             * @description Makes data of this version data of the version before: steps, carried out one after the other. Null: that is not
             *     possible, and subscriptions cannot be pinned to a version before.
             * @example [
             *       {
             *         "move": "lead.email",
             *         "to": "lead.mail"
             *       },
             *       {
             *         "drop": "lead.score"
             *       }
             *     ]
             */
            downgrade?: components["schemas"]["MappingStep"][] | null;
            /** @description What is different, in a sentence. */
            description?: string;
            /** @description JSON Schema (draft 2020-12) of the version's data, at most 32 KiB; `{}` if left out. */
            schema?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description A complete `data` object, valid against the schema. The first of `examples` if left out. */
            example?: {
                [key: string]: components["schemas"]["StorableValue"];
            };
            /** @description A draft may still be changed, and is published only where a publisher names it. Default: false. */
            draft?: boolean;
        };
        VersionReply: {
            /** @description Further examples by name. Absent: there are none. */
            examples?: {
                [key: string]: {
                    [key: string]: unknown;
                };
            };
            /** @description The steps that make its data data of the version before; null: that is not possible. */
            downgrade: components["schemas"]["MappingStep"][] | null;
            /** @description What is different. */
            description: string;
            /** @description JSON Schema (draft 2020-12) of its data. */
            schema: Record<string, never>;
            /** @description A complete `data` object. */
            example: Record<string, never>;
            /** @description A draft is published only where a publisher names it. */
            draft: boolean;
        };
        WaitingCapped: {
            retrying: boolean;
            held: boolean;
            pending: boolean;
        };
        WaitingView: {
            /** @description Pending, after a failed attempt. */
            retrying: number;
            /** @description Held, because their subscription is paused. */
            held: number;
            /** @description Pending, not tried yet. */
            pending: number;
        };
        WarningView: {
            /** @description What it is about: `data.lead.email`, or `[2].data.lead.email` in an array. */
            path: string;
            code: string;
            message: string;
        };
    };
    responses: {
        /** @description Malformed JSON, or a cursor of another list */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No key, or one that is unknown, expired or revoked */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The key may not do this */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nothing of this name, or nothing this key may know of */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than 5 MiB */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field is wrong, missing or unknown */
        UnprocessableEntity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database is away; `Retry-After` says when to come back. With the code `outcome_unknown` it went away before it answered, and what was asked for may have been done; events are sent again with the same `id` */
        ServiceUnavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    health_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Liveness"];
                };
            };
        };
    };
    health_show: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "application/openmetrics-text": string;
                };
            };
        };
    };
    health_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    archive_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchiveView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    archive_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArchiveView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `no_archive`: POSTHORN_ARCHIVE_URL is not set */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_listAll: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description Only changes in this space, which may be deleted: its `spc_` id. */
                space?: string;
                /**
                 * @description Only changes by this key, portal link or person (`key_…`, `lnk_…`, `usr_…`), or by this kind: `admin`, `key`,
                 *     `portal_link`, `person`, `application`.
                 */
                actor?: string;
                /** @description Only this action, such as `subscription.update`; `subscription.*` for all on subscriptions. */
                action?: string;
                /** @description Only changes of this type of thing. */
                targetType?: "archive" | "broadcast" | "delivery" | "event_type" | "job" | "key" | "legal_hold" | "person" | "portal_link" | "secrets" | "session" | "space" | "subscription" | "test_receiver";
                /** @description Only changes of this thing: its id of ours, or the uid or name that it had. */
                target?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_exportAll: {
        parameters: {
            query?: {
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
                /**
                 * @description Only changes by this key, portal link or person (`key_…`, `lnk_…`, `usr_…`), or by this kind: `admin`, `key`,
                 *     `portal_link`, `person`, `application`.
                 */
                actor?: string;
                /** @description Only this action, such as `subscription.update`; `subscription.*` for all on subscriptions. */
                action?: string;
                /** @description Only changes of this type of thing. */
                targetType?: "archive" | "broadcast" | "delivery" | "event_type" | "job" | "key" | "legal_hold" | "person" | "portal_link" | "secrets" | "session" | "space" | "subscription" | "test_receiver";
                /** @description Only changes of this thing: its id of ours, or the uid or name that it had. */
                target?: string;
                /** @description Only changes in this space, which may be deleted: its `spc_` id. */
                space?: string;
                /** @description A JSON object in each line, or CSV with a line of titles. */
                format?: "csv" | "ndjson";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line for each entry. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    broadcasts_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BroadcastList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    broadcasts_start: {
        parameters: {
            query?: never;
            header?: {
                /** @description Your key of this request. The same request again answers with the first broadcast and the header `idempotency-replayed: true`; another body is a 409. Kept as long as the broadcast. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BroadcastInput"];
            };
        };
        responses: {
            /** @description With `dryRun`: for how many spaces it would be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BroadcastCount"];
                };
            };
            /** @description Durable: the workers will publish it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BroadcastView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `idempotency_conflict`: the event `id` or the `Idempotency-Key` was used for another broadcast; `too_many_broadcasts`: ten are under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    broadcasts_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                broadcast: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BroadcastView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    broadcasts_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                broadcast: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BroadcastView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `broadcast_finished`: there is nothing to stop */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    catalogue_list: {
        parameters: {
            query?: {
                /** @description The profile. */
                profile?: "breakcold" | "breakcold-v2" | "leadlex" | "lemlist" | "native" | "smartlead";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    catalogue_sync: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncTypes"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncReportView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `incompatible_change`: it breaks publishers or receivers of a version; `errors` names where. `force` was not given */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    catalogue_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeReply"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    catalogue_put: {
        parameters: {
            query?: {
                /** @description `true`: also where the change breaks publishers or receivers of a version. */
                force?: "false" | "true";
            };
            header?: never;
            path: {
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PutInstanceType"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `incompatible_change`: it breaks publishers or receivers of a version; `errors` names where. `force` was not given */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    catalogue_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    instanceOverview_read: {
        parameters: {
            query?: {
                /** @description How many spaces to show. */
                limit?: number;
                /** @description How many spaces to pass over. */
                after?: number;
                /** @description `worst`: by failing and paused endpoints, then by the share of failures. `attempts`: the most first. */
                sort?: "attempts" | "name" | "worst";
                /** @description The last hour by the minute, the last day by quarters of an hour, or the last week by two hours. */
                window?: "1h" | "24h" | "7d";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceOverviewView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    people_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Part of an address or a name. */
                q?: string;
                /** @description True: list people who were removed but not erased, instead of those who may sign in. */
                removed?: boolean;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    people_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePerson"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `email_taken`: somebody with this mail address is there */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    people_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person: their `usr_` id or mail address. */
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    people_remove: {
        parameters: {
            query?: {
                /** @description Whether to also delete their address and name, in the audit log, too. This cannot be undone. */
                erase?: boolean;
            };
            header?: never;
            path: {
                /** @description The person: their `usr_` id or mail address. */
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    people_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The person: their `usr_` id or mail address. */
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePerson"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    search_all: {
        parameters: {
            query: {
                /** @description An id of ours or your own, or part of a name, a uid, a URL or an event type. */
                q: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    reseal_run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResealResult"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    session_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
                /** @description Only sessions of this person. For admins; other people always get their own. */
                person?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonSessionList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session: its `ses_` id. */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    signIn_ways: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInWays"];
                };
            };
        };
    };
    spaces_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only those whose name or uid contains this text, or whose id it is. */
                q?: string;
                /** @description Only those with this tag. */
                tag?: string;
                /** @description By when they were made, or by name. For A to Z set `order` to `asc`. */
                sort?: "created" | "name";
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpaceList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaces_create: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSpace"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `uid_taken`: another space has this uid */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaces_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaces_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `legal_hold`: the space has a legal hold; release it first */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaces_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSpace"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Space"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `uid_taken`: another space has this uid */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /**
                 * @description Only changes by this key, portal link or person (`key_…`, `lnk_…`, `usr_…`), or by this kind: `admin`, `key`,
                 *     `portal_link`, `person`, `application`.
                 */
                actor?: string;
                /** @description Only this action, such as `subscription.update`; `subscription.*` for all on subscriptions. */
                action?: string;
                /** @description Only changes of this type of thing. */
                targetType?: "archive" | "broadcast" | "delivery" | "event_type" | "job" | "key" | "legal_hold" | "person" | "portal_link" | "secrets" | "session" | "space" | "subscription" | "test_receiver";
                /** @description Only changes of this thing: its id of ours, or the uid or name that it had. */
                target?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_export: {
        parameters: {
            query?: {
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
                /**
                 * @description Only changes by this key, portal link or person (`key_…`, `lnk_…`, `usr_…`), or by this kind: `admin`, `key`,
                 *     `portal_link`, `person`, `application`.
                 */
                actor?: string;
                /** @description Only this action, such as `subscription.update`; `subscription.*` for all on subscriptions. */
                action?: string;
                /** @description Only changes of this type of thing. */
                targetType?: "archive" | "broadcast" | "delivery" | "event_type" | "job" | "key" | "legal_hold" | "person" | "portal_link" | "secrets" | "session" | "space" | "subscription" | "test_receiver";
                /** @description Only changes of this thing: its id of ours, or the uid or name that it had. */
                target?: string;
                /** @description A JSON object in each line, or CSV with a line of titles. */
                format?: "csv" | "ndjson";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line for each entry. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaceCatalogue_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpaceCatalogueView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spaceCatalogue_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeCatalogue"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpaceCatalogueView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `fixed_catalogue`: the catalogue is a provider's */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description Only those of this subscription, by id or uid. */
                subscription?: string;
                /** @description Only those of this event, by id or the publisher's own id. */
                event?: string;
                /** @description Only those with an attempt that took at least so many milliseconds. */
                slowerThan?: number;
                /** @description Only those with an answer whose body contains this text, in the part of it that was kept. */
                response?: string;
                /** @description Only those whose event's data has this value at this path, such as `customer.id=42`. */
                payload?: string;
                /** @description Only those whose last answer had this status code, such as `503`, or one of this class, such as `5xx`. */
                statusCode?: string;
                /** @description Only those whose last attempt had this error code, such as `timeout`. */
                error?: string;
                /** @description Only those that this made. `manual`: those with an attempt that a person asked for. */
                trigger?: "event" | "manual" | "replay" | "test";
                /**
                 * @description `retrying`: an attempt failed, and another one will follow. `broken`: retrying, failed, expired, or held while the
                 *     endpoint is paused because of failures.
                 */
                state?: "broken" | "retrying";
                /** @description Only those of this event type. */
                type?: string;
                /** @description Only those in this state. */
                status?: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
                /** @description Only those of events about this person: their `subjectId`, or the `leadId` of those without one. */
                subjectId?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bulkRetry_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkRetryInput"];
            };
        };
        responses: {
            /** @description With `dryRun`: how many there are. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetryCount"];
                };
            };
            /** @description A job that retries them. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `too_many_jobs`: the space has `limits.openJobs` jobs under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The delivery: its `dlv_` id. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_attempt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The delivery: its `dlv_` id. */
                delivery: string;
                /** @description The number of the attempt, from 1. */
                n: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AttemptDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The delivery: its `dlv_` id. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `not_cancellable`: it is finished */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deliveries_retry: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The delivery: its `dlv_` id. */
                delivery: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `subscription_deleted`: there is no endpoint to try; `event_erased`, `body_removed`: nothing is left to send */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erasures_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
                /** @description Only those of this subject, which is found by its hash. */
                subjectId?: string;
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erasures_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ErasureInput"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `legal_hold`: a hold keeps some of it; `too_many_jobs`: the space has `limits.openJobs` jobs under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erasures_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                erasure: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    erasures_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                erasure: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `job_finished`: there is nothing to stop */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    eventTypes_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    eventTypes_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeReply"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    eventTypes_put: {
        parameters: {
            query?: {
                /** @description `true`: also where the change breaks publishers or receivers of a version. */
                force?: "false" | "true";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PutEventType"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventTypeReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `builtin_event_type`, `instance_event_type` or `fixed_catalogue`: it is not the space's to change; `incompatible_change`: `force` was not given */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            /** @description Many schemas were checked in the last minute: 120 of a space, and one that takes a second counts as 20 */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    eventTypes_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The name of the event type. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `builtin_event_type`, `instance_event_type` or `fixed_catalogue`: it is not the space's to change */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /**
                 * @description Only events whose data has this value at this path, such as `customer.id=42`. It has no index and looks at 2,000
                 *     events for a page.
                 */
                payload?: string;
                /** @description Only events of this type. */
                type?: string;
                /** @description Only events about this person: their `subjectId`, or the `leadId` of those without one. */
                subjectId?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_publish: {
        parameters: {
            query?: {
                /** @description Make the space if there is none with this uid; its name is the uid. Needs the admin key. It stays when its catalogue then refuses the events. */
                upsertSpace?: boolean;
            };
            header?: {
                /** @description Your key of this request, up to 256 printable ASCII characters. The same request again answers with the first events, `duplicate` and the header `idempotency-replayed: true`; another body is a 409. Kept as long as event ids. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEventInput"] | components["schemas"]["NewEventInput"][];
            };
        };
        responses: {
            /** @description Durable: the event and its deliveries are committed. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedView"] | components["schemas"]["PublishedList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `idempotency_conflict`: an event with this `id`, or a request with this `Idempotency-Key`, and another body was published before */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The event: its `evt_` id or the publisher's own. */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_route: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The event: its `evt_` id or the publisher's own. */
                event: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoutingPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    exports_exportAttempts: {
        parameters: {
            query?: {
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description Only those of this subscription, by id or uid. */
                subscription?: string;
                /** @description Only those of this event, by id or the publisher's own id. */
                event?: string;
                /** @description Only those of this event type. */
                type?: string;
                /** @description Only those in this state. */
                status?: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
                /** @description Only those of events about this person: their `subjectId`, or the `leadId` of those without one. */
                subjectId?: string;
                /** @description The `cursor` of the last row you have: goes on behind it. Use the same filter and order as before. */
                after?: string;
                /** @description `ndjson`: one JSON object a line, and a last line that says that it is the end. `csv`: RFC 4180 in UTF-8. */
                format?: "csv" | "ndjson";
                /** @description `asc`: oldest first, so that going on later brings what came since. */
                order?: "asc" | "desc";
                /** @description `body`: with payloads. */
                include?: "body";
                /** @description Of CSV: whether the first record names the columns. */
                header?: "false" | "true";
                /** @description Of CSV: whether it begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: "false" | "true";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. Every row has a `cursor`. A whole NDJSON export ends with the line `{"end":true,"count":<rows>,"next":<last cursor or null>}`; a CSV export is whole when the answer ends properly. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            /** @description `too_many_requests`: the space, or the process, has as many exports under way as it may */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    exports_exportDeliveries: {
        parameters: {
            query?: {
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description Only those of this subscription, by id or uid. */
                subscription?: string;
                /** @description Only those of this event, by id or the publisher's own id. */
                event?: string;
                /** @description Only those of this event type. */
                type?: string;
                /** @description Only those in this state. */
                status?: "cancelled" | "expired" | "failed" | "held" | "pending" | "skipped" | "succeeded";
                /** @description Only those of events about this person: their `subjectId`, or the `leadId` of those without one. */
                subjectId?: string;
                /** @description The `cursor` of the last row you have: goes on behind it. Use the same filter and order as before. */
                after?: string;
                /** @description `ndjson`: one JSON object a line, and a last line that says that it is the end. `csv`: RFC 4180 in UTF-8. */
                format?: "csv" | "ndjson";
                /** @description `asc`: oldest first, so that going on later brings what came since. */
                order?: "asc" | "desc";
                /** @description `body`: with payloads. */
                include?: "body";
                /** @description Of CSV: whether the first record names the columns. */
                header?: "false" | "true";
                /** @description Of CSV: whether it begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: "false" | "true";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. Every row has a `cursor`. A whole NDJSON export ends with the line `{"end":true,"count":<rows>,"next":<last cursor or null>}`; a CSV export is whole when the answer ends properly. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            /** @description `too_many_requests`: the space, or the process, has as many exports under way as it may */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    exports_exportEvents: {
        parameters: {
            query?: {
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description Only events of this type. */
                type?: string;
                /** @description Only events about this person: their `subjectId`, or the `leadId` of those without one. */
                subjectId?: string;
                /** @description The `cursor` of the last row you have: goes on behind it. Use the same filter and order as before. */
                after?: string;
                /** @description `ndjson`: one JSON object a line, and a last line that says that it is the end. `csv`: RFC 4180 in UTF-8. */
                format?: "csv" | "ndjson";
                /** @description `asc`: oldest first, so that going on later brings what came since. */
                order?: "asc" | "desc";
                /** @description `body`: with payloads. */
                include?: "body";
                /** @description Of CSV: whether the first record names the columns. */
                header?: "false" | "true";
                /** @description Of CSV: whether it begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: "false" | "true";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rows. Every row has a `cursor`. A whole NDJSON export ends with the line `{"end":true,"count":<rows>,"next":<last cursor or null>}`; a CSV export is whole when the answer ends properly. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            /** @description `too_many_requests`: the space, or the process, has as many exports under way as it may */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    holds_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    holds_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HoldInput"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    holds_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    holds_release: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                hold: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HoldView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `hold_released`: it was released before */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    jobs_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    jobs_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The job: its `job_` id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    jobs_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The job: its `job_` id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `job_finished`: there is nothing to change; `job_has_no_pace`: it is an erasure */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    jobs_cancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The job: its `job_` id. */
                job: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `job_finished`: there is nothing to stop; `job_is_erasure`: `…/erasures/{erasure}/cancel` stops it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    keys_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    keys_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedKey"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    keys_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The key: its `key_` id. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    overview_read: {
        parameters: {
            query?: {
                /** @description The last hour by the minute, the last day by quarters of an hour, or the last week by two hours. */
                window?: "1h" | "24h" | "7d";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spacePeople_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpacePeople"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spacePeople_add: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddToSpace"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpacePerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spacePeople_set: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The person: their `usr_` id or mail address. */
                person: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetSpaceRole"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SpacePerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    spacePeople_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The person: their `usr_` id or mail address. */
                person: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portalSettings_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portalSettings_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePortal"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portalLinks_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PortalLinkList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portalLinks_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePortalLink"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedPortalLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    portalLinks_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The portal link: its `lnk_` id. */
                link: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    preview_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PreviewView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    recent_read: {
        parameters: {
            query: {
                /** @description `sub_` ids or uids, each as a parameter of its own. */
                subscription: string[];
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecentList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    search_inSpace: {
        parameters: {
            query: {
                /** @description An id of ours or your own, or part of a name, a uid, a URL or an event type. */
                q: string;
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    simulate_simulate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Simulation"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    names_read: {
        parameters: {
            query: {
                /** @description `sub_` ids, each as a parameter of its own. */
                subscription: string[];
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NameList"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_list: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only those whose URL, uid, description or event types contain this text, or whose id it is. */
                q?: string;
                /** @description Only those in this state; `failing`: active, and the last attempt failed. */
                status?: "active" | "failing" | "paused";
                /** @description By when they were made, by URL, or by failures in a row. */
                sort?: "created" | "failures" | "url";
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionPage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubscription"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSubscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `uid_taken`: another subscription of the space has this uid */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_put: {
        parameters: {
            query?: never;
            header?: {
                /** @description `*`: create it, and replace nothing. */
                "if-none-match"?: string;
                /** @description The `ETag` of the version to replace. Nothing is created then. */
                "if-match"?: string;
            };
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubscription"];
            };
        };
        responses: {
            /** @description It is replaced. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            /** @description It is new. The answer holds the secret. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSubscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `uid_taken`: another subscription of the space has this uid */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not the version that `If-Match` names, or exists although `If-None-Match` is `*` */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the version the change is meant for. */
                "if-match"?: string;
            };
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriptionChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `uid_taken`: another subscription of the space has this uid */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It changed since the version that `If-Match` names */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpointAttempts_read: {
        parameters: {
            query?: {
                /** @description The last hour by the minute, the last day by quarters of an hour, or the last week by two hours. */
                window?: "1h" | "24h" | "7d";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointAttemptsView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    drain_drain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DrainInput"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `drain_under_way`: change the pace of that job; `too_many_jobs`: the space has `limits.openJobs` jobs under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpointState_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointStateView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_history: {
        parameters: {
            query?: {
                /** @description How many entries a page holds at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; none for the first page. */
                cursor?: string;
                /** @description Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
                since?: string;
                /** @description Only what was created before this time, ISO 8601; in UTC when it names no zone. */
                until?: string;
                /** @description `desc`: newest first. */
                order?: "asc" | "desc";
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_forgetLost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_pause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    trials_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrialInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `body_removed`: the event has no data any more; `secrets_unreadable`: it cannot be signed */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    replay_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayInput"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `too_many_jobs`: the space has `limits.openJobs` jobs under way */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ResumeInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `secret_hidden`: its profile shows a secret once, or never */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_rotate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `too_many_secrets`: five secrets sign already; `secret_immutable`: its profile exchanges none */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testSend_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TestSend"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_wake: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The subscription: its `sub_` id or its uid. */
                sub: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testReceivers_create: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `test_receiver_off`: the operator did not set POSTHORN_TEST_RECEIVER */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testReceivers_change: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The test receiver: its `rcv_` id. */
                receiver: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReceiverChanges"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiverView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    testReceivers_requests: {
        parameters: {
            query?: {
                /** @description Only what came after this request, by its `req_` id. */
                after?: string;
            };
            header?: never;
            path: {
                /** @description The space: its `spc_` id or its uid. */
                space: string;
                /** @description The test receiver: its `rcv_` id. */
                receiver: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    system_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemState"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
