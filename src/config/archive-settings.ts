import { ARCHIVE_RULE, CREDENTIAL_RULE, ENDPOINT_RULE, REGION_RULE } from './setting-rules.js';
import { flag, text, whole, type Setting } from './setting.js';

/** The settings of the archive of finished days, as part of the table. */
export const ARCHIVE_SETTINGS = {
  archiveUrl: text({
    variable: 'POSTHORN_ARCHIVE_URL',
    defaultNote: 'no archive',
    rule: ARCHIVE_RULE,
    doc:
      'Where finished days are archived, in S3-compatible storage: `s3://bucket/prefix`. See ' +
      '[docs/operating.md](docs/operating.md#archive).',
  }),
  archiveEndpoint: text({
    variable: 'POSTHORN_ARCHIVE_ENDPOINT',
    defaultNote: "Amazon's",
    rule: ENDPOINT_RULE,
    doc: "The address of the storage where it is not Amazon's, e.g. `https://minio.example.com:9000`.",
  }),
  archiveRegion: text({
    variable: 'POSTHORN_ARCHIVE_REGION',
    default: 'us-east-1',
    rule: REGION_RULE,
    doc: 'The region of the bucket.',
  }),
  archivePathStyle: flag({
    variable: 'POSTHORN_ARCHIVE_PATH_STYLE',
    doc: 'Whether the bucket stands in the path of the address instead of its host name, as MinIO has it.',
  }),
  archiveAfterDays: whole([1, 3_650], 'a number of days from 1 to 3650, e.g. 2', {
    variable: 'POSTHORN_ARCHIVE_AFTER_DAYS',
    default: 1,
    doc: 'How many days after its end a day is archived. What changes later is added before the day is dropped.',
  }),
  archiveRequired: {
    ...flag({
      variable: 'POSTHORN_ARCHIVE_REQUIRED',
      doc: 'Whether a day is kept until its archive is complete and verified. Otherwise it is dropped when it is due.',
    }),
    default: true,
    defaultText: 'true',
  },
  awsAccessKeyId: text({
    variable: 'AWS_ACCESS_KEY_ID',
    rule: CREDENTIAL_RULE,
    isSecret: true,
    doc: 'The credentials for the archive, as for other tools of Amazon.',
  }),
  awsSecretAccessKey: text({
    variable: 'AWS_SECRET_ACCESS_KEY',
    rule: CREDENTIAL_RULE,
    isSecret: true,
    doc: 'The secret of the credentials for the archive.',
  }),
  awsSessionToken: text({
    variable: 'AWS_SESSION_TOKEN',
    rule: CREDENTIAL_RULE,
    isSecret: true,
    doc: 'The session token of temporary credentials for the archive.',
  }),
} satisfies Record<string, Setting<unknown>>;
