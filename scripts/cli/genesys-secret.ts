import { Command } from "commander";
import { asKnown } from "../core/defect";
import { loadPart } from "../core/load-part";
import { escaped } from "../core/printable";
import { endProcess, hardenProcess } from "./harden-process";
import {
  ADOPT_EXAMPLES,
  AUDIT_EXAMPLES,
  DOCTOR_EXAMPLES,
  EXIT_CODES,
  REMOVE_EXAMPLE,
  ROTATE_EXAMPLES,
  RUN_EXAMPLE,
  SANDBOX_EXAMPLES,
  VERIFY_EXAMPLE,
} from "./help";
import { errorLines } from "./print-report";

declare const PROGRAM_VERSION: string;

const TWIN = "the client that it takes turns with, by id (TARGET_TWIN_ID)";

const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** What the command line's own errors quote, without values and made harmless. */
function withoutValues(text: string): string {
  const unvalued = text.replace(/'(--?[^=']+)=[\s\S]*'/, "'$1'");
  return unvalued.split("\n").map(escaped).join("\n");
}

const TAKE_OVER = [
  "--take-over <client-id>",
  "replace the document of this other client in a store; repeatable (SECRET_TAKE_OVER)",
  collect,
] as const;

const ENV_FILE = ["--env-file <file>", "read variables that are not set from this file"] as const;

/** The flags of every command that logs in: how long it goes on, and whether this is the place for it. */
function limitFlags(command: Command): Command {
  return command
    .option(
      "--retry-timeout <seconds>",
      "limit for retrying each step; default 120 (GENESYS_SECRET_RETRY_TIMEOUT)",
    )
    .option(
      "--verify-timeout <seconds>",
      "limit for the first login; default 30 (GENESYS_SECRET_VERIFY_TIMEOUT)",
    )
    .option(
      "--verify <where>",
      "here: the secret must log in; elsewhere: no login is tried; default: it is tried, and a regenerated secret is stored all the same where this machine is denied (SECRET_VERIFY)",
    );
}

/** The flags of every command that looks at stores and logs in. */
function storeFlags(command: Command): Command {
  return limitFlags(
    command
      .option("--store <uri>", "where the secret is kept; repeatable (SECRET_STORES, one a line)", collect)
      .option(
        "--region <region>",
        "AWS name or domain of the region (GENESYSCLOUD_REGION); default us-east-1",
      )
      .option(...ENV_FILE)
      .option("--json", "one JSON document on standard output, never with the secret"),
  );
}

function commandLine(): Command {
  const program = new Command("genesys-secret")
    .description(
      "Regenerates the secret of a Genesys Cloud OAuth client and puts it straight into a secret store.",
    )
    .version(PROGRAM_VERSION)
    .enablePositionalOptions()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
    // A value on the command line may be a secret in the wrong place: never repeat it.
    .configureOutput({ outputError: (text, write) => write(withoutValues(text)) })
    .showHelpAfterError("(genesys-secret --help lists commands; genesys-secret COMMAND --help their flags)");

  storeFlags(
    program
      .command("regenerate")
      .description("regenerate a client's secret, store it, and prove that it logs in")
      .option("--client-id <id>", "the client, by id (TARGET_CLIENT_ID)")
      .option("--client-name <name>", "the client, by its exact name (TARGET_CLIENT_NAME)")
      .option("--twin-id <id>", TWIN),
  )
    .option(
      "--rotation <id>",
      "spares a rotation this id already had when only the stores are new (SECRET_ROTATION)",
    )
    .option("--again", "twins: rotate though this rotation id is done (GENESYS_SECRET_AGAIN=1)")
    .option("--dry-run", "change nothing, and say what would be done")
    .option("--rehearse", "with --dry-run: try the very writes, too; what readers see stays as it is")
    .option(...TAKE_OVER)
    .option(
      "--then <argv>",
      'afterwards run this, a JSON array such as ["systemctl","restart","orders"] (SECRET_THEN)',
    )
    .addHelpText("after", EXIT_CODES)
    .action(async (flags) => {
      const { regenerate } = await import("./in-apply");
      process.exitCode = await regenerate(flags);
    });

  storeFlags(
    program
      .command("adopt")
      .description("put a secret that is in use into its stores: it is read from standard input")
      .option("--client-id <id>", "the client, by id (TARGET_CLIENT_ID)"),
  )
    .option(...TAKE_OVER)
    .addHelpText("after", ADOPT_EXAMPLES)
    .action(async (flags) => {
      const { adopt } = await loadPart("The command adopt", () => import("./adopt"));
      process.exitCode = await adopt(flags);
    });

  storeFlags(
    program
      .command("verify")
      .description("tell whether what the stores hold logs in: exit 0, or 10")
      .option("--client-id <id>", "the client it should be (TARGET_CLIENT_ID)")
      .option("--twin-id <id>", TWIN),
  )
    .addHelpText("after", VERIFY_EXAMPLE)
    .action(async (flags) => {
      const { verify } = await loadPart("The command verify", () => import("./verify"));
      process.exitCode = await verify(flags);
    });

  limitFlags(
    program
      .command("rotate")
      .description(
        "rotate a whole fleet, outside Terraform, from the manifest that a synth writes: exit 0, or 8",
      )
      .requiredOption(
        "--manifest <file>",
        "genesys-secret.manifest.json of a stack in cdktf.out/stacks; repeatable",
        collect,
      )
      .option("--due", "only the clients that have not had the secret of their present rotation yet")
      .option("--only <name-or-id>", "only this client; repeatable", collect)
      .option("--shard <part/of>", "only this part of the fleet, such as 2/5: several machines share it so")
      .option("--dry-run", "change nothing, and say what would be done")
      .option(...TAKE_OVER)
      .option("--fresh", "begin anew where a run was interrupted")
      .option("--concurrency <number>", "how many clients at the same time; default 8")
      .option("--region <region>", "of clients that name none: AWS name or domain (GENESYSCLOUD_REGION)")
      .option(...ENV_FILE)
      .option("--json", "one JSON document on standard output, a row a client, never with a secret"),
  )
    .addHelpText("after", ROTATE_EXAMPLES)
    .action(async (flags) => {
      const { rotate } = await loadPart("The command rotate", () => import("./rotate"));
      process.exitCode = await rotate(flags);
    });

  program
    .command("run")
    .description("run a command with the client's credentials in its environment, and nowhere else")
    .argument("<command...>", "the command and its arguments, after --")
    .option(
      "--store <uri>",
      "where the secret is; repeatable, the first that has it is used (SECRET_STORES)",
      collect,
    )
    .option("--client-id <id>", "the client it must be (TARGET_CLIENT_ID)")
    .option("--twin-id <id>", TWIN)
    .option(...ENV_FILE)
    .option("--id-variable <name>", "variable for the client id", "GENESYSCLOUD_OAUTHCLIENT_ID")
    .option("--secret-variable <name>", "variable for the secret", "GENESYSCLOUD_OAUTHCLIENT_SECRET")
    .option("--region-variable <name>", "variable for the region", "GENESYSCLOUD_REGION")
    .option(
      "--pass-env <name>",
      "let the command inherit this credential of a store, too; repeatable",
      collect,
    )
    .passThroughOptions()
    .addHelpText("after", RUN_EXAMPLE)
    .action(async (argv, flags) => {
      const { run } = await loadPart("The command run", () => import("./run"));
      process.exitCode = await run(argv, flags);
    });

  storeFlags(
    program
      .command("doctor")
      .description(
        "look at every store: ready, what it holds, whether that logs in, what to do: exit 0, or 10",
      )
      .option("--client-id <id>", "the client, by id (TARGET_CLIENT_ID)")
      .option("--client-name <name>", "the client, by its exact name; for --rotate (TARGET_CLIENT_NAME)")
      .option("--twin-id <id>", TWIN),
  )
    .option("--rehearse", "try the very writes, too; what readers see stays as it is")
    .option("--heal", "copy a working secret to the stores that lack it; no rotation")
    .option("--rotate", "with --heal: where no store holds a working secret of this rotation, regenerate it")
    .option("--rotation <id>", "the rotation id that the secret should have (SECRET_ROTATION)")
    .option(...TAKE_OVER)
    .addHelpText("after", DOCTOR_EXAMPLES)
    .action(async (flags) => {
      const { doctor } = await loadPart("The command doctor", () => import("./doctor"));
      process.exitCode = await doctor(flags);
    });

  storeFlags(
    program
      .command("remove")
      .description("take a destroyed client's secret out of the stores")
      .option("--client-id <id>", "the client, by id (TARGET_CLIENT_ID)")
      .option("--twin-id <id>", TWIN),
  )
    .option("--dry-run", "say what would be removed, and remove nothing")
    .option("--yes", "remove a secret, too, that is valid, or of which that is unknown")
    .addHelpText("after", REMOVE_EXAMPLE)
    .action(async (flags) => {
      const { remove } = await import("./in-apply");
      process.exitCode = await remove(flags);
    });

  program
    .command("audit")
    .description("find client secrets in states, plans, logs and git histories: exit 0, or 10")
    .argument("<path...>", "files and folders; - for standard input")
    .option("--git", "the whole history of the repositories that are met, too")
    .option(
      "--store <uri>",
      "find the very secret that this store holds, in every encoding; repeatable",
      collect,
    )
    .option("--check-live", "try each secret once with the login service of the region: is it alive?")
    .option("--region <region>", "AWS name or domain of the region (GENESYSCLOUD_REGION); default us-east-1")
    .option(
      "--kill <client-id=store>",
      "regenerate this client into this store when a leaked secret of it is alive; repeatable",
      collect,
    )
    .option(...ENV_FILE)
    .option(
      "--retry-timeout <seconds>",
      "limit for retrying each login; default 120 (GENESYS_SECRET_RETRY_TIMEOUT)",
    )
    .option(
      "--verify-timeout <seconds>",
      "limit for the first login after a kill; default 30 (GENESYS_SECRET_VERIFY_TIMEOUT)",
    )
    .option("--json", "one JSON document on standard output, never with a secret")
    .option("--sarif", "SARIF 2.1.0 on standard output, for code scanning")
    .addHelpText("after", AUDIT_EXAMPLES)
    .action(async (paths, flags) => {
      const { audit } = await loadPart("The command audit", () => import("./audit"));
      process.exitCode = await audit(paths, flags, PROGRAM_VERSION);
    });

  program
    .command("sandbox")
    .description("run a Genesys Cloud org on this machine, to try things without an account")
    .argument("[command...]", "a command to run in it, such as a shell; it ends the org")
    .option("--port <port>", "port to listen on; default: a free one")
    .option("--json", "one JSON document on standard output")
    .passThroughOptions()
    .addHelpText("after", SANDBOX_EXAMPLES)
    .action(async (argv, flags) => {
      const { sandbox } = await loadPart("The command sandbox", () => import("./sandbox"));
      process.exitCode = await sandbox(argv, flags);
    });
  return program;
}

async function main(): Promise<void> {
  try {
    hardenProcess();
    await commandLine().parseAsync();
    endProcess(Number(process.exitCode ?? 0));
  } catch (fault) {
    const error = asKnown(fault, { remedy: "Nothing was regenerated. Please report this." });
    process.stderr.write(`${errorLines(error).join("\n")}\n`);
    endProcess(error.exitCode);
  }
}

void main();
