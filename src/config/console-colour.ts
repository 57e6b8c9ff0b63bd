/** Whether the console shows colours: it is a terminal, and nobody set NO_COLOR. */
export function consoleHasColour(): boolean {
  return isConsoleTerminal() && !process.env.NO_COLOR;
}

export function isConsoleTerminal(): boolean {
  return process.stdout.isTTY;
}
