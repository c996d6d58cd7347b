// Loaded with --require into the program and into what surrounds it, before anything keeps a reference to a timer:
// a clock that runs TORTURE_SPEED times as fast, the same one in every process that is given the same epoch. Nothing
// is skipped and no order changes: a wait of 30 s is a real wait of 30 s / speed, on both sides of each connection.
// TORTURE_CONTROL names a file that the surroundings rewrite while the program runs:
//   {"jumpMs": -3600000, "dns": "ENOTFOUND"}   the wall clock is off by so much; names are not found
// Plain JavaScript, because Node.js loads it before any loader.
const dns = require("node:dns");
const fs = require("node:fs");
const timers = require("node:timers");
const promises = require("node:timers/promises");
const { promisify } = require("node:util");

const speed = Number(process.env.TORTURE_SPEED ?? 1);
const epoch = Number(process.env.TORTURE_EPOCH ?? performance.timeOrigin);
const controlFile = process.env.TORTURE_CONTROL;
for (const name of ["TORTURE_SPEED", "TORTURE_EPOCH", "TORTURE_CONTROL"]) delete process.env[name];

function control() {
  return controlFile ? JSON.parse(fs.readFileSync(controlFile, "utf8")) : {};
}

function speedUpClocks() {
  const RealDate = Date;
  const realNow = performance.now.bind(performance);
  const realBigint = process.hrtime.bigint;
  const origin = performance.timeOrigin;
  const now = () => Math.floor(epoch + (origin + realNow() - epoch) * speed + (control().jumpMs ?? 0));
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(
        target,
        args.length === 0 ? [now()] : args,
        newTarget === globalThis.Date ? target : newTarget,
      ),
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
  });
  performance.now = () => realNow() * speed;
  process.hrtime = (since) => {
    const total =
      process.hrtime.bigint() - (since ? BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]) : 0n);
    return [Number(total / 1_000_000_000n), Number(total % 1_000_000_000n)];
  };
  process.hrtime.bigint = () => (realBigint() * BigInt(Math.round(speed * 1000))) / 1000n;
}

function speedUpTimers() {
  const scaled = (ms) => (typeof ms === "number" ? ms / speed : ms);
  for (const name of ["setTimeout", "setInterval"]) {
    const real = timers[name];
    const fast = (work, ms, ...args) => real(work, scaled(ms), ...args);
    timers[name] = fast;
    globalThis[name] = fast;
  }
  const realWait = promises.setTimeout;
  promises.setTimeout = (ms, value, options) => realWait(scaled(ms), value, options);
  timers.setTimeout[promisify.custom] = promises.setTimeout;
  AbortSignal.timeout = (ms) => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new DOMException("The operation timed out", "TimeoutError")), ms).unref();
    return abort.signal;
  };
}

/** Every name is this machine, at once, or unknown when the control says so. */
function takeOverNames() {
  const real = dns.lookup;
  dns.lookup = (name, ...rest) => {
    const done = rest.pop();
    const [options] = rest;
    const { dns: code } = control();
    if (code) {
      const error = Object.assign(new Error(`getaddrinfo ${code} ${name}`), {
        code,
        syscall: "getaddrinfo",
        hostname: name,
      });
      process.nextTick(done, error);
    } else if (name !== "localhost") real(name, ...rest, done);
    else if (options?.all) process.nextTick(done, null, [{ address: "127.0.0.1", family: 4 }]);
    else process.nextTick(done, null, "127.0.0.1", 4);
  };
}

if (speed !== 1 || controlFile) {
  speedUpClocks();
  speedUpTimers();
  takeOverNames();
  require("node:module").syncBuiltinESMExports();
}
