import { ApiError } from '../api/client.js';

/** Why the engine refused the input, by field. */
export interface FieldErrors<F extends string> {
  /** One message a field. */
  fields: Partial<Record<F, string>>;
  /** What belongs to no field; null: nothing. */
  rest: Error | null;
}

/** `fields` has the form's fields, each with its path in what is sent, such as `limits.keys`. */
export function fieldErrors<F extends string>(
  error: Error | null,
  fields: Record<F, string>,
): FieldErrors<F> {
  if (error === null) return { fields: {}, rest: null };
  if (!(error instanceof ApiError) || error.issues.length === 0) return { fields: {}, rest: error };
  const found: Partial<Record<F, string>> = {};
  const others: ApiError['issues'] = [];
  for (const issue of error.issues) {
    const field = (Object.keys(fields) as F[]).find((name) => isAt(issue.path, fields[name]));
    if (field === undefined) others.push(issue);
    else found[field] ??= issue.message;
  }
  const rest = others.length === 0 ? null : new ApiError(error.status, error.code, error.message, others);
  return { fields: found, rest };
}

/** Whether a path is this one or below it. */
function isAt(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}
