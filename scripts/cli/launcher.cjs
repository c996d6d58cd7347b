#!/usr/bin/env node
// Plain old JavaScript on purpose: it must still start, and say what is wrong, on a Node.js too old for the program.

var OLDEST_NODE = 20;
// Switches that neither show nor keep memory or traffic, and load no foreign code beside ours.
var HARMLESS =
  /^--(max-old-space-size|max-semi-space-size|stack-size|use-openssl-ca|use-bundled-ca|use-system-ca|openssl-config|dns-result-order|no-network-family-autoselection|network-family-autoselection-attempt-timeout|tls-(min|max)-v1\.\d|tls-cipher-list|no-warnings|no-deprecation|unhandled-rejections|icu-data-dir|disable-sigusr1)(=|$)/;

function isHarmless(option) {
  return HARMLESS.test(option.replace(/"/g, ""));
}

// NODE_DEBUG=http prints the Authorization header, --tls-keylog the keys, --inspect opens the memory to a debugger.
// Such switches took effect before this line ran, so the program gets a process of its own without them.
function runWithoutSwitches(options) {
  var env = Object.assign({}, process.env, { NODE_OPTIONS: options.filter(isHarmless).join(" ") });
  delete env.NODE_DEBUG;
  delete env.NODE_DEBUG_NATIVE;
  var child;
  // Listened for before there is a child: it would live on if its parent alone was ended.
  ["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => {
    process.on(signal, () => {
      child.kill(signal);
    });
  });
  // biome-ignore lint/style/useNodejsImportProtocol: a Node.js too old for node: must get as far as the message below
  child = require("child_process").spawn(process.execPath, ["--", __filename].concat(process.argv.slice(2)), {
    env: env,
    stdio: "inherit",
  });
  child.on("error", (error) => {
    console.error(
      "genesys-secret: Node.js could not be started once more (" +
        error.code +
        "). The secret was not changed.",
    );
    process.exit(1);
  });
  // As a shell has it: 128 and the signal's number, where a signal ended it before it could say so itself.
  child.on("exit", (code, signal) => {
    process.exit(code === null ? 128 + require("node:os").constants.signals[signal] : code);
  });
}

function loadProgram() {
  import("./genesys-secret.mjs").catch((error) => {
    // Only a broken installation gets here; the program reports its own faults. A code is safe to print, a message may not be.
    console.error(
      "genesys-secret: the program could not be loaded (" +
        (error.code || "unknown fault") +
        "). The secret was not changed. Install or synthesize it anew.",
    );
    process.exit(1);
  });
}

var options = (process.env.NODE_OPTIONS || "").split(/\s+/).filter(Boolean);
if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(
    "genesys-secret: Node.js " +
      OLDEST_NODE +
      " or newer is needed, this is " +
      process.versions.node +
      ". The secret was not changed. Install a newer Node.js on the machine that runs this.",
  );
  process.exit(2);
} else if (
  process.env.NODE_DEBUG ||
  process.env.NODE_DEBUG_NATIVE ||
  !options.concat(process.execArgv).every(isHarmless)
) {
  runWithoutSwitches(options);
} else {
  loadProgram();
}
