/** The schema all tables live in, so that Posthorn can share a database with the product it serves. */
export const SCHEMA = 'posthorn';
