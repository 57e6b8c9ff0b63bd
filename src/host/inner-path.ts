/**
 * The URL below the route that matched: as many parts of the path are left out as the route's own pattern has before
 * its wildcard. Parts are counted, not compared: a router may ignore case or read `%77` as `w`. What follows stays as
 * it was sent. Null for the route's own path without a slash, from which relative links would lead elsewhere.
 */
export function innerUrl(url: string, pattern: string): string | null {
  const own = pattern.split('/').filter((part) => part !== '' && !part.startsWith('*')).length;
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(url) ?? [];
  const rest = path.split('/').slice(own + 1);
  return rest.length === 0 ? null : `/${rest.join('/')}${query}`;
}
