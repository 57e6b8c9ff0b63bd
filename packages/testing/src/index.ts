export type { Duration } from './duration.js';
export { matchers, type WebhookMatchers } from './matchers.js';
export {
  recordingEmitter,
  RecordingEmitter,
  type EmittedRecord,
  type EmitTarget,
} from './recording-emitter.js';
export { startTestEngine, TestEngine, type TestEngineOptions } from './test-engine.js';
export {
  refusedUrl,
  startTestReceiver,
  TestReceiver,
  type Behaviour,
  type TestReceiverOptions,
  type TestReply,
  type TestRequest,
} from './test-receiver.js';
export { TestSpace } from './test-space.js';
