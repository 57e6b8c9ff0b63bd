/** Whether the console shows colours: it is a terminal, and nobody set NO_COLOR. */
export function consoleHasColour(): boolean {
  return process.stdout.isTTY && !process.env.NO_COLOR;
}
