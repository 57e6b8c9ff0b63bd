/** What browsers take for an address: nothing in it ends a header or begins another address. */
export const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,186}[a-zA-Z0-9])?$/;
export const WRONG_EMAIL = { message: 'must be a mail address, e.g. ada@example.com' };
