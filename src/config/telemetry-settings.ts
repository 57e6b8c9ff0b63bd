import { LOG_LEVEL_RULE } from './log-levels.js';
import { OTLP_PROTOCOLS, OTLP_RULE } from './setting-rules.js';
import { choice, flag, text, type Setting } from './setting.js';

/** Logs and traces. */
export const TELEMETRY_SETTINGS = {
  otlpEndpoint: text({
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    defaultNote: 'no traces',
    rule: OTLP_RULE,
    isSecret: true,
    doc:
      'The OpenTelemetry collector for traces, e.g. `http://localhost:4318`. Empty: nothing is traced. ' +
      '[docs/operating.md](docs/operating.md#traces) has the other `OTEL_*` variables.',
  }),
  otlpTracesEndpoint: text({
    variable: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    defaultNote: 'the one above with `/v1/traces`',
    rule: OTLP_RULE,
    isSecret: true,
    doc: 'The whole address for traces where it is another one, e.g. `http://localhost:4318/v1/traces`.',
  }),
  otlpProtocol: choice(OTLP_PROTOCOLS, {
    variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
    default: 'http/protobuf',
    doc: 'How traces are sent: `http/protobuf` or `http/json`.',
  }),
  logLevel: text({
    variable: 'LOG_LEVEL',
    default: 'info',
    rule: LOG_LEVEL_RULE,
    doc:
      'What to log: `fatal`, `error`, `warn`, `info`, `debug` or `silent`; with levels of contexts ' +
      'after it where they differ, e.g. `info,dispatcher=debug`.',
  }),
  logFormat: choice(['auto', 'json', 'text'], {
    variable: 'POSTHORN_LOG_FORMAT',
    default: 'auto',
    doc:
      'How to log: a JSON object per line (`json`), lines for people (`text`), or the latter on a ' +
      'terminal only (`auto`).',
  }),
  logWide: flag({
    variable: 'POSTHORN_LOG_WIDE',
    doc: 'Whether to log each publish request and each batch of attempts as one line with all its numbers, at `info`.',
  }),
} satisfies Record<string, Setting<unknown>>;
