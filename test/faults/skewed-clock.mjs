// Preloaded into a process, makes its wall clock an hour fast.
const SKEW_MS = 3_600_000;

globalThis.Date = class extends Date {
  constructor(...given) {
    if (given.length === 0) super(Date.now());
    else super(...given);
  }

  static now() {
    return super.now() + SKEW_MS;
  }
};
