/** Why a name has no address of one family: c-ares' code, or `silent` when the name servers did not respond in time. */
export type FamilyFailure = string;

const REASONS: Record<string, string> = {
  ENOTFOUND: 'the name does not exist',
  ENODATA: 'there is none',
  ESERVFAIL: 'the name servers failed (SERVFAIL)',
  EREFUSED: 'the name servers refused the query (REFUSED)',
  ETIMEOUT: 'the name servers did not respond in time',
  silent: 'the name servers did not respond in time',
  ECONNREFUSED: 'no name server could be reached',
  ECANCELLED: 'Posthorn stopped before a response was received',
};

/** For the delivery log: the error of each family, in one sentence when they are the same. */
export function lookupErrorMessage(four: FamilyFailure, six: FamilyFailure): string {
  const [ofFour, ofSix] = [reasonOf(four), reasonOf(six)];
  if (ofFour !== ofSix)
    return `The host name could not be looked up. IPv4 address: ${ofFour}. IPv6 address: ${ofSix}.`;
  if (four === 'ENOTFOUND') return 'The host name does not exist.';
  if (four === 'ENODATA') return 'The host name has no address.';
  return `The host name could not be looked up: ${ofFour}.`;
}

function reasonOf(failure: FamilyFailure): string {
  return REASONS[failure] ?? `the name servers' response is not valid (${failure})`;
}
