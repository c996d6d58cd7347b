import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithEngine } from "../helpers/engines";
import { Consumer } from "../package/consumer";
import { installing, READERS_NPM, walkThrough } from "./walk-through";

describeWithEngine("from the packed tarball, word for word", (engine) => {
  const root = mkdtempSync(join(tmpdir(), "getting-started-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.each(["docs/getting-started.md", "docs/getting-started-with-cdk-terrain.md"])(
    "%s ends with a secret that was rotated and logs in",
    async (page) => {
      const folder = mkdtempSync(join(root, "reader-"));
      const output = await walkThrough(
        page,
        mkdtempSync(join(folder, "orders-")),
        { TERRAFORM_BINARY_NAME: engine.binary, ...READERS_NPM },
        installing(Consumer.pack(folder), engine),
      );
      expect(output).toContain("logs in as ");
    },
  );
});
