const LARGE = '(?:posthorn\\.)?"?(?:events|deliveries|attempts)(?:_\\w+)?"?\\b';

/** What a migration must not do to a table that can be large, and what to do instead. */
const RULES: [pattern: RegExp, advice: string][] = [
  [
    new RegExp(`CREATE (?:UNIQUE )?INDEX (?!CONCURRENTLY)(?:(?! ON ).)* ON (?!ONLY )${LARGE}`),
    'Build the index with buildIndex (migrations/online.ts): a plain one stops all writes until it is built.',
  ],
  [
    new RegExp(`ALTER TABLE (?:ONLY )?${LARGE}.*(?: GENERATED | STORED| TYPE )`),
    'The table would be written anew. Add a column without it, and fill it with backfill (migrations/online.ts).',
  ],
  [
    new RegExp(`ALTER TABLE (?:ONLY )?${LARGE}.* DEFAULT (?:\\w+\\(|\\()`),
    'A default that is computed for each row writes the table anew. Use a constant, or backfill.',
  ],
  [
    new RegExp(
      `ALTER TABLE (?:ONLY )?${LARGE}.*(?: SET NOT NULL| ADD (?:CONSTRAINT \\w+ )?(?:CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)(?!.*NOT VALID))`,
    ),
    'Rows are checked under an exclusive lock. Add the constraint NOT VALID and validate it in a step of its own.',
  ],
  [
    new RegExp(`(?:UPDATE|DELETE FROM) (?:ONLY )?${LARGE}(?!.*(?: LIMIT | = ANY))`),
    'All rows in one statement: use backfill (migrations/online.ts).',
  ],
  [
    new RegExp(`(?:LOCK TABLE|VACUUM FULL|CLUSTER|REINDEX(?! \\w+ CONCURRENTLY)).*${LARGE}`),
    'It locks everybody out for as long as it takes.',
  ],
];

/** What is wrong with these statements, each with what to do instead. */
export function refusals(statements: string[]): string[] {
  return statements.flatMap((statement) => {
    const text = statement.replace(/--.*$/gm, '').replace(/\s+/g, ' ');
    return RULES.filter(([pattern]) => pattern.test(text)).map(([, advice]) => `${advice} (${text.trim()})`);
  });
}
