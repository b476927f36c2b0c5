// A clock that is wrong, for a process that is started with `--require` of this file: by as many ms as CLOCK_OFFSET_MS says. Timers and
// performance.now go as before, as they do when somebody sets the clock of a real host.

const offset = Number(process.env.CLOCK_OFFSET_MS);
const right = Date.now;
const now = () => right() + offset;

globalThis.Date = new Proxy(Date, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : new target(...given)),
  apply: () => String(new Date(now())),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
