/** Examples that a version of a type may have besides its `example`. */
export const MAX_EXAMPLES = 20;
/** Their names. */
export const EXAMPLE_NAME_FORM = '^[A-Za-z0-9_-]{1,64}$';
