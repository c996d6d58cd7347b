// Runs the bundle as it is, and sees each place where it touches the world. It is plain JavaScript and no part of
// the bundle: it replaces Node's own functions before the program is loaded, at the lowest level that JavaScript
// has, so that every library inside passes here. What it sees is written to a log, a line each; where it is told to,
// it kills with SIGKILL, on the spot: its own process, or those that started it.
import { ChildProcess } from "node:child_process";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import { join, resolve } from "node:path";

/** {logs, folder, kill, client, victim}: where to write, what to shorten paths by, where to kill whom. */
const settings = JSON.parse(process.env.KILL_RECORDER);
delete process.env.KILL_RECORDER;
// From here on the arguments are those of a run without a recorder.
process.argv.splice(1, 1);
const [, program] = process.argv;

/** Under an engine several programs run at once, each for a client of its own. */
const client = process.env.TARGET_CLIENT_ID ?? "run";
const log = fs.openSync(join(settings.logs, client), "a");
fs.writeFileSync(join(settings.logs, `${client}.pid`), String(process.pid));
const writeLog = fs.writeSync;
const seen = new Map();

/** A place is its side, its name and how often it came before: concurrent work changes the order, hardly those. */
function reach(side, name) {
  const place = `${side} ${name}`;
  const count = (seen.get(place) ?? 0) + 1;
  seen.set(place, count);
  const line = `${place} #${count}`;
  writeLog(log, `${line}\n`);
  if (line === settings.kill && client === settings.client)
    process.kill(VICTIMS[settings.victim](), "SIGKILL");
}

/** Who is killed: this process, the shell that started it, the engine that started that, or all of the engine's group. */
const VICTIMS = {
  program: () => process.pid,
  shell: () => process.ppid,
  engine: () => parentOf(process.ppid),
  everything: () => -parentOf(process.ppid),
};

function parentOf(pid) {
  const [, afterName] = /^.*\) (.*)$/s.exec(fs.readFileSync(`/proc/${pid}/stat`, "utf8"));
  return Number(afterName.split(" ")[1]);
}

/** Names that are the same in every run: no folder, no id, no port. */
function steady(text) {
  return String(text)
    .replaceAll(settings.folder, ".")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "ID")
    .replace(/:\d{4,5}\b/g, "");
}

function replace(owner, name, make) {
  const original = owner[name];
  if (typeof original !== "function") return;
  const wrapper = make(original);
  // Some carry what util.promisify needs.
  Object.defineProperties(wrapper, Object.getOwnPropertyDescriptors(original));
  owner[name] = wrapper;
}

// Files. A place is named by the path, or by that of what was opened.

const BY_PATH = [
  ...[
    "appendFile",
    "chmod",
    "chown",
    "copyFile",
    "cp",
    "link",
    "lutimes",
    "mkdir",
    "mkdtemp",
    "rename",
    "rm",
  ],
  ...["rmdir", "symlink", "truncate", "unlink", "utimes", "writeFile"],
];
const BY_HANDLE = [
  "appendFile",
  "chmod",
  "datasync",
  "sync",
  "truncate",
  "utimes",
  "write",
  "writeFile",
  "writev",
];
const BY_NUMBER = ["fchmod", "fdatasync", "fsync", "ftruncate", "futimes", "write", "writev"];
const paths = new Map();
const handlePaths = new WeakMap();

const isWriting = (flags) => flags !== undefined && flags !== "r" && flags !== fs.constants.O_RDONLY;
const ofPath = (name, path) => `${name} ${steady(path)}`;
const ofNumber = (name, fd) => `${name} ${steady(paths.get(fd) ?? `file ${fd}`)}`;

/** Wraps a function of the three manners that Node has: a promise, a callback as its last argument, at once. */
function around(nameOf, onResult = () => {}) {
  return (original) =>
    function (...args) {
      const name = nameOf.call(this, ...args);
      if (name === undefined)
        return settle(original.apply(this, args), (result) => onResult(result, ...args));
      const callback = args.at(-1);
      const done = (result) => {
        onResult(result, ...args);
        reach("after", name);
      };
      if (typeof callback === "function") {
        args[args.length - 1] = (error, ...results) => {
          if (!error) done(results[0]);
          callback(error, ...results);
        };
        reach("before", name);
        return original.apply(this, args);
      }
      reach("before", name);
      return settle(original.apply(this, args), done);
    };
}

/** Passes a result on, now or when the promise has it. */
function settle(result, use) {
  if (typeof result?.then !== "function") {
    use(result);
    return result;
  }
  return result.then((value) => {
    use(value);
    return value;
  });
}

for (const name of BY_PATH) {
  for (const [owner, suffix] of [
    [fsPromises, ""],
    [fs, ""],
    [fs, "Sync"],
  ])
    replace(
      owner,
      name + suffix,
      around((path) => ofPath(name, path)),
    );
}
for (const name of BY_NUMBER) {
  for (const suffix of ["", "Sync"])
    replace(
      fs,
      name + suffix,
      around((fd) => ofNumber(name, fd)),
    );
}
const nameOfOpen = (path, flags) => (isWriting(flags) ? ofPath("open", path) : undefined);
replace(
  fsPromises,
  "open",
  around(nameOfOpen, (handle, path) => handlePaths.set(handle, path)),
);
replace(
  fs,
  "openSync",
  around(nameOfOpen, (fd, path) => paths.set(fd, path)),
);
replace(
  fs,
  "open",
  around(nameOfOpen, (fd, path) => paths.set(fd, path)),
);
const anyHandle = await fsPromises.open(program);
for (const name of BY_HANDLE)
  replace(
    Object.getPrototypeOf(anyHandle),
    name,
    around(function () {
      return ofPath(name, handlePaths.get(this) ?? "a file");
    }),
  );
await anyHandle.close();

// Connections: what is written on any socket, TLS included, and the first bytes of each answer.

const requests = new WeakMap();

function nameOfWrite(socket, data, isMany) {
  if (socket.fd === 1) return "stdout";
  if (socket.fd === 2) return "stderr";
  const text = (isMany ? data : [{ chunk: data }]).map(({ chunk }) => chunk.toString("latin1")).join("");
  const [, request] = /^([A-Z]+ \S+) HTTP\/1\.1\r\n/.exec(text) ?? [];
  if (request === undefined) return `more of ${requests.get(socket)?.name ?? "what a child reads"}`;
  const [, operation] = /^x-amz-target: *(?:\w+\.)?(\w+)/im.exec(text) ?? [];
  const name = steady(operation ? `${request} ${operation}` : request);
  requests.set(socket, { name, answered: false });
  return name;
}

replace(
  net.Socket.prototype,
  "_writeGeneric",
  (original) =>
    function (isMany, data, encoding, callback) {
      // Called once more when the connection is there.
      if (this.connecting) return original.call(this, isMany, data, encoding, callback);
      const name = nameOfWrite(this, data, isMany);
      reach("before", name);
      return original.call(this, isMany, data, encoding, (error) => {
        if (!error) reach("after", name);
        callback(error);
      });
    },
);
const push = net.Socket.prototype.push;
net.Socket.prototype.push = function (chunk, ...rest) {
  const request = requests.get(this);
  if (chunk !== null && request && !request.answered) {
    request.answered = true;
    reach("answer to", request.name);
  }
  return push.call(this, chunk, ...rest);
};

// Children.

replace(
  ChildProcess.prototype,
  "spawn",
  around(({ file }) => ofPath("spawn", file)),
);

syncBuiltinESMExports();
await import(resolve(program));
