import { DENIALS } from "../../../sandbox/org";
import type { Gate } from "../gate";
import { faultOf, isLie, mayLose, misleads } from "./happening";
import { type Moment, nameOf, type StateTrouble, type Trouble } from "./trouble";
import type { World } from "./world";

/** Brings about the troubles of a schedule, each at its moment, and ends them all. */
export class Troublemaker {
  readonly #world: World;
  readonly #waiting: Trouble[];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #interrupt: () => void;
  #requests = 0;
  /** Names of the troubles that came about and touched something. */
  readonly met = new Set<string>();
  /** The gates that have said "done" of what they had not done. */
  readonly liars = new Set<Gate>();
  /** The gates of stores whose writes were undone behind the program's back. */
  readonly undone = new Set<Gate>();
  /** The gates that have told the program something of what is there that was not so. */
  readonly misled = new Set<Gate>();
  /** Whether an answer may have been lost, so that the program had to ask again for what it had been given. */
  losesAnswers = false;
  /** Whether a regenerate call was held back that may act any time later. */
  actsLate = false;

  /** @param interrupt sends the program a Ctrl-C */
  constructor(world: World, troubles: readonly Trouble[], interrupt: () => void) {
    this.#world = world;
    this.#waiting = [...troubles];
    this.#interrupt = interrupt;
  }

  async begin(): Promise<void> {
    this.#world.gate.onRequest = async ({ method, path }) => {
      this.#requests += 1;
      await this.#bringAbout(this.#requests);
      if (method === "POST" && path.endsWith("/secret")) await this.#bringAbout("regenerate");
    };
    await this.#bringAbout("start");
  }

  /** Ends what goes wrong, and waits until nothing is under way any more. */
  async end(): Promise<void> {
    const world = this.#world;
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    world.gate.onRequest = () => {};
    world.control({ jumpMs: undefined, dns: undefined });
    world.disk?.makeWritable();
    world.disk?.free();
    world.commandStore?.mend();
    world.allowLogins();
    for (const store of world.stores) store.allow?.();
    for (const { gate } of world.served) forgetUndoing(gate);
    await Promise.all([world.gate, ...world.served.map(({ gate }) => gate)].map((gate) => gate.mend()));
  }

  async #bringAbout(moment: Moment): Promise<void> {
    for (const trouble of this.#waiting.filter(({ at }) => at === moment)) {
      this.#waiting.splice(this.#waiting.indexOf(trouble), 1);
      if (trouble.kind === "request") this.#arm(trouble);
      else await this.#change(trouble);
    }
  }

  #arm(trouble: Trouble & { kind: "request" }): void {
    const gate = this.#gateOf(trouble.of);
    gate?.fault(faultOf(trouble), ({ path }) => {
      this.met.add(nameOf(trouble));
      this.losesAnswers ||= mayLose(trouble);
      if (isLie(trouble)) this.liars.add(gate);
      if (misleads(trouble)) this.misled.add(gate);
      if (trouble.what.is === "acts late" && path.endsWith("/secret")) this.actsLate = true;
    });
  }

  async #change(trouble: StateTrouble): Promise<void> {
    const undo = await this.#begin(trouble);
    if (!undo) return;
    this.met.add(nameOf(trouble));
    this.losesAnswers ||= !LOSES_NOTHING.includes(trouble.kind);
    if (trouble.seconds !== null) this.#timers.push(setTimeout(undo, trouble.seconds * 1000));
  }

  /** @returns what ends it; nothing when there is nothing that it could befall */
  async #begin(trouble: StateTrouble): Promise<(() => unknown) | undefined> {
    const world = this.#world;
    switch (trouble.kind) {
      case "org refuses":
        await world.gate.stop();
        return () => world.gate.restart();
      case "store refuses": {
        const gate = this.#gateOf(trouble.of);
        await gate?.stop();
        return gate && (() => gate.restart());
      }
      case "permission lost": {
        const store = nth(
          world.stores.filter(({ deny }) => deny),
          trouble.of,
        );
        store?.deny?.();
        return store && (() => store.allow?.());
      }
      case "write refused": {
        const store = nth(
          world.stores.filter(({ isWrite }) => isWrite),
          trouble.of,
        );
        const gate = store && (store.gate ?? world.gate);
        if (gate)
          gate.refuses = (passing) =>
            store.isWrite?.(passing, world.sandbox.liveSecret(world.client.id)) === true;
        return gate && (() => acceptAll(gate));
      }
      case "TLS fails": {
        const gate = trouble.of === "org" ? world.gate : this.#gateOf(trouble.of);
        if (!gate?.origin.startsWith("https:")) return undefined;
        gate.breakTls(trouble.how, world.props.stranger);
        return () => gate.mendTls();
      }
      case "name unknown":
        for (const gate of [world.gate, ...world.served.map(({ gate }) => gate)]) gate.forgetConnections();
        world.control({ dns: trouble.code });
        return () => world.control({ dns: undefined });
      case "clock jumps":
        // It stays where it jumped to.
        world.control({ jumpMs: trouble.ms });
        return () => {};
      case "disk full":
        world.disk?.fill();
        return world.disk && (() => world.disk?.free());
      case "read-only folder":
        world.disk?.makeReadOnly();
        return world.disk && (() => world.disk?.makeWritable());
      case "command":
        world.commandStore?.fail(trouble.how, trouble.times);
        return world.commandStore && (() => world.commandStore?.mend());
      case "write undone": {
        const store = nth(
          world.served.filter(({ undo }) => undo),
          trouble.of,
        );
        store?.undo?.(trouble.times);
        if (store) this.undone.add(store.gate);
        return store && (() => forgetUndoing(store.gate));
      }
      case "tokens revoked":
        await world.revokeTokens();
        return () => {};
      case "login denied":
        world.denyLogins(DENIALS[trouble.form]);
        return () => world.allowLogins();
      case "interrupt":
        this.#interrupt();
        return () => {};
    }
  }

  #gateOf(of: string | number): Gate | undefined {
    if (typeof of !== "number") return this.#world.gate;
    // Stores without a server of their own have nothing between them and the program but the org.
    return nth(this.#world.served, of)?.gate ?? this.#world.gate;
  }
}

/** States that leave every answer as it is. */
const LOSES_NOTHING: readonly StateTrouble["kind"][] = [
  "tokens revoked",
  "login denied",
  "permission lost",
  "write refused",
  "disk full",
  "read-only folder",
  "clock jumps",
  "command",
  "write undone",
];

function acceptAll(gate: Gate): void {
  gate.refuses = () => false;
}

function forgetUndoing(gate: Gate): void {
  gate.onActed = () => {};
}

function nth<T>(list: readonly T[], index: number): T | undefined {
  return list.length === 0 ? undefined : list[index % list.length];
}
