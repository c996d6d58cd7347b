import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithEngine } from "../helpers/engines";
import { Consumer } from "../package/consumer";
import { walkThrough } from "./walk-through";

jest.setTimeout(300_000);

describeWithEngine("from the packed tarball, word for word", (engine) => {
  const root = mkdtempSync(join(tmpdir(), "getting-started-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const path = execFileSync("which", [engine.binary], { encoding: "utf8" }).trim();

  // The package is not published where tests run: its name stands for the tarball.
  const npm = (tarball: string): string => `for word; do shift
    [ "$word" = cdktf-genesyscloud-secure-oauth-client ] && word=${tarball}
    set -- "$@" "$word"; done
    exec "$(which -a npm | sed -n 2p)" "$@"`;

  test.each(["docs/getting-started.md", "docs/getting-started-with-cdk-terrain.md"])(
    "%s ends with a secret that was rotated and logs in",
    async (page) => {
      const folder = mkdtempSync(join(root, "reader-"));
      const output = await walkThrough(
        page,
        mkdtempSync(join(folder, "orders-")),
        { TERRAFORM_BINARY_NAME: engine.binary, npm_config_cache: join(homedir(), ".npm") },
        // The page says terraform, and tells whoever has OpenTofu to write tofu.
        { npm: npm(Consumer.pack(folder)), terraform: `exec ${path} "$@"` },
      );
      expect(output).toContain("logs in as ");
    },
  );
});
