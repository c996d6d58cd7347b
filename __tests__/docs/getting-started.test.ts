import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithEngine } from "../helpers/engines";
import { Consumer } from "../package/consumer";
import { walkThrough } from "./walk-through";

jest.setTimeout(300_000);

const PAGE = "docs/getting-started.md";

describeWithEngine("docs/getting-started.md, word for word, from the packed tarball", (engine) => {
  test("ends with a secret that was rotated and logs in", async () => {
    const folder = mkdtempSync(join(tmpdir(), "getting-started-"));
    const tarball = Consumer.pack(folder);
    // The package is not published where tests run: its name stands for the tarball.
    const npm = `for word; do shift
      [ "$word" = cdktf-genesyscloud-secure-oauth-client ] && word=${tarball}
      set -- "$@" "$word"; done
      exec "$(which -a npm | sed -n 2p)" "$@"`;
    try {
      const project = mkdtempSync(join(folder, "orders-"));
      const environment = {
        TERRAFORM_BINARY_NAME: engine.binary,
        npm_config_cache: join(tmpdir(), "npm-cache"),
      };
      const output = await walkThrough(PAGE, project, environment, { npm });
      expect(output).toContain("logs in as ");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
