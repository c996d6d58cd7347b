import { type ChildProcess, spawn } from "node:child_process";
import { HUNG_MS } from "./hung";
import { freePort, howToInstall } from "./local-server";
import { AwsCall } from "./moto-call";
import { findTool } from "./tools";

const EVERYTHING = Number.MAX_SAFE_INTEGER;

const program = findTool("moto_server");

/** What `describeUnlessMissing` is told. */
export const missingMoto: string | undefined =
  program === undefined ? howToInstall("moto_server") : undefined;

/** Keys of an IAM user. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
}

/** Moto's server: AWS on this machine, with IAM in force for the users that a test makes. */
export class Moto {
  readonly #child: ChildProcess;
  readonly origin: string;

  static async start(): Promise<Moto> {
    if (program === undefined) throw new Error(`missing: ${missingMoto}`);
    const port = await freePort();
    const child = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    const moto = new Moto(child, `http://127.0.0.1:${port}`);
    const deadline = Date.now() + HUNG_MS;
    while (!(await moto.#answers())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error("moto_server did not start");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return moto;
  }

  private constructor(child: ChildProcess, origin: string) {
    this.#child = child;
    this.origin = origin;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.kill("SIGKILL");
    await ended;
  }

  /** Forgets everything; whoever asks may do everything, until `enforceIam`. */
  async reset(): Promise<void> {
    await this.#control("reset");
    await this.#control("reset-auth", String(EVERYTHING));
  }

  /** From here on every call needs the keys of a user, a right signature and a policy that allows it. */
  async enforceIam(): Promise<void> {
    await this.#control("reset-auth", "0");
  }

  /**
   * Works behind the program's back, whatever IAM says; then IAM is in force, as the program will find it.
   * @param work may make any call
   */
  async asAws<T>(work: (call: AwsCall) => Promise<T>): Promise<T> {
    await this.#control("reset-auth", String(EVERYTHING));
    try {
      return await work(new AwsCall(this.origin));
    } finally {
      await this.enforceIam();
    }
  }

  /** A user that may do these actions, such as `ssm:GetParameter`, and nothing else. */
  async createUser(name: string, actions: readonly string[]): Promise<AccessKey> {
    return this.asAws(async (call) => {
      await call.iam("CreateUser", { UserName: name });
      await call.iam("PutUserPolicy", policyOf(name, actions));
      const answer = await call.iam("CreateAccessKey", { UserName: name });
      const [, id = ""] = /<AccessKeyId>(.*)<\/AccessKeyId>/.exec(answer) ?? [];
      const [, secret = ""] = /<SecretAccessKey>(.*)<\/SecretAccessKey>/.exec(answer) ?? [];
      return { id, secret };
    });
  }

  /** Replaces what a user may do. */
  async allow(name: string, actions: readonly string[]): Promise<void> {
    await this.asAws((call) => call.iam("PutUserPolicy", policyOf(name, actions)));
  }

  async #control(path: string, body?: string): Promise<void> {
    const answer = await fetch(`${this.origin}/moto-api/${path}`, { method: "POST", body });
    if (!answer.ok) throw new Error(`moto-api/${path}: ${answer.status}`);
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.origin}/moto-api/`).then(
      () => true,
      () => false,
    );
  }
}

function policyOf(name: string, actions: readonly string[]): Record<string, string> {
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  // IAM takes no policy without an action.
  if (actions.length === 0) Object.assign(statement, { Effect: "Deny", Action: "*" });
  const document = { Version: "2012-10-17", Statement: [statement] };
  return { UserName: name, PolicyName: "rights", PolicyDocument: JSON.stringify(document) };
}
