import { Button } from '@mantine/core';
import { ApiError, isGateway } from '../api/client.js';
import { Untrusted } from '../text/untrusted.js';

/** Says what went wrong in the engine's own words. */
export function ProblemNote({ error, retry }: { error: Error; retry?: () => void }) {
  const issues = error instanceof ApiError ? error.issues : [];
  return (
    <div className="note note-bad" role="alert">
      <div>
        <strong>{title(error)}</strong>
        <div className="break">
          <Untrusted>{error.message}</Untrusted>
        </div>
        {issues.length > 0 && (
          <ul>
            {issues.map((issue) => (
              <li key={`${issue.path} ${issue.message}`}>
                <code>
                  <Untrusted>{issue.path}</Untrusted>
                </code>{' '}
                <Untrusted>{issue.message}</Untrusted>
              </li>
            ))}
          </ul>
        )}
      </div>
      {retry && (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  );
}

function title(error: Error): string {
  if (!(error instanceof ApiError)) return 'This page failed.';
  if (error.status === 0 || isGateway(error.status)) return 'Posthorn cannot be reached.';
  if (error.status === 403) return 'This key does not allow it.';
  if (error.status === 404) return 'Not found.';
  if (error.status === 422) return 'Some fields are invalid.';
  return 'The request failed.';
}
