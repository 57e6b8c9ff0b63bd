/** What pg reads results with, before anybody changed it. The package declares its main module only. */
declare module 'pg-types/lib/textParsers.js' {
  export function init(register: (oid: number, parse: (text: string) => unknown) => void): void;
}
