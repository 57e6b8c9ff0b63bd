/** What event types are called: letters, digits and `_ . : / -`. Patterns work on segments between `.` and `:`. */
const MAX_NAME = 128;
const NAME = /^(?!\.\.?$)[A-Za-z0-9_.:/-]+$/;

/** The same as a JSON Schema. */
export const EVENT_TYPE_NAME_SCHEMA = {
  type: 'string' as const,
  minLength: 1,
  maxLength: MAX_NAME,
  pattern: NAME.source,
};

export const EVENT_TYPE_NAME_HINT =
  `Use letters A to Z and a to z, digits and _ . : / - in the name, such as invoice.paid or billing:invoice.paid; ` +
  `1 to ${MAX_NAME} characters.`;

/** Whether an event type can be called this. `.` and `..` cannot stand in a path, so nothing is called so. */
export function isEventTypeName(name: string): boolean {
  return name.length <= MAX_NAME && NAME.test(name);
}
