/** An event to publish, in the words of its profile. */
export interface ScenarioEvent {
  type: string;
  data: object;
  occurredAt: string;
}
