/** One step of a mapping of data, such as `{"move": "lead.mail", "to": "lead.email"}`. */
export interface MappingStep {
  move?: string;
  to?: string;
}
