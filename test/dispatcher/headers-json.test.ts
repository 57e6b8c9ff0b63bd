import { headersJson } from '../../src/dispatcher/headers-json.js';

describe('headers as JSON', () => {
  it('are what JSON.stringify gives, whatever is in them', () => {
    const bytes = Array.from({ length: 256 }, (_none, byte) => String.fromCharCode(byte));
    const values = [
      '',
      'application/json',
      'a "quoted" one',
      'back\\slash',
      'é',
      '\u2028',
      '\ud800',
      ...bytes,
    ];
    const headers = values.map((value, index) => [`x-${index}${value}`, value] as const);
    expect(headersJson(headers)).toBe(JSON.stringify(headers));
    expect(headersJson([])).toBe('[]');
  });
});
