import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { NULL_BINDINGS, withOwnNullBindings } from "./own-null-bindings";
import { portable } from "./portable";

const run = promisify(execFile);

/** jsii warns on a Node.js that has come to its end, which says nothing about what it makes. */
const QUIET = {
  JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: "1",
  JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: "1",
};

/**
 * Makes the package for Python out of the constructs' own source: with jsii, which checks that the API can be had in
 * Go, Java and C#, too. Needs the program, built.
 * @param folder emptied; gets the package that jsii compiles, and in `dist/python` the one to install with pip
 * @throws {Error} when the API cannot be expressed in those languages; the message is jsii's
 */
export async function buildJsii(project: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of sourcesOf(project)) {
    const text = withOwnNullBindings(await readFile(join(project, file), "utf8"));
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // What is not exported may be what it likes.
    await writeFile(join(folder, file), /^constructs\/[^/]+$/.test(file) ? portable(text) : text);
  }
  await writeFile(join(folder, "index.ts"), await entry(project));
  await writeFile(join(folder, "package.json"), JSON.stringify(await manifest(project), null, 2));
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({ compilerOptions: OPTIONS, files: ["index.ts"] }),
  );
  await writeFile(join(folder, ".npmignore"), "*.ts\n!*.d.ts\ntsconfig.json\ndist\n");
  for (const name of ["README.md", "LICENSE"]) await cp(join(project, name), join(folder, name));
  await cp(join(project, "dist/program"), join(folder, "program"), { recursive: true });
  await symlink(join(project, "node_modules"), join(folder, "node_modules"));
  await tool(project, folder, "jsii/bin/jsii", "--tsconfig", "tsconfig.json", "--validate-tsconfig", "off");
  await tool(
    project,
    folder,
    "jsii-pacmak/bin/jsii-pacmak",
    "--target",
    "python",
    "--code-only",
    "--outdir",
    "dist",
  );
}

const OPTIONS = {
  target: "ES2022",
  lib: ["es2022"],
  module: "commonjs",
  moduleResolution: "node",
  esModuleInterop: true,
  strict: true,
  declaration: true,
  skipLibCheck: true,
  types: ["node"],
};

/** Our files that the constructs are made of, relative to the project. */
function sourcesOf(project: string): string[] {
  const { config } = ts.readConfigFile(join(project, "tsconfig.build.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, project);
  return ts
    .createProgram([...fileNames, ...NULL_BINDINGS.map((file) => join(project, file))], options)
    .getSourceFiles()
    .map(({ fileName }) => relative(project, fileName).split(sep).join("/"))
    .filter((file) => !file.startsWith("../") && !file.startsWith("node_modules/"));
}

/** Everything that a type of the API refers to has to be exported, the whole of the bindings included. */
async function entry(project: string): Promise<string> {
  const bindings = await readdir(join(project, ".gen/providers"), { recursive: true, withFileTypes: true });
  const modules = bindings
    .filter(
      (file) => file.name === "index.ts" && dirname(file.parentPath) !== join(project, ".gen/providers"),
    )
    .map((file) => `./${relative(project, file.parentPath).split(sep).join("/")}`);
  return ["./constructs", "./constructs/terraform-data", ...modules.sort()]
    .map((path) => `export * from "${path}";\n`)
    .join("");
}

async function manifest(project: string): Promise<object> {
  const { name, version, description, license, ...rest } = JSON.parse(
    await readFile(join(project, "package.json"), "utf8"),
  );
  const peers = ["cdktf", "constructs"];
  return {
    name,
    version,
    description,
    license,
    author: rest.author ?? { name: `The maintainers of ${name}`, organization: true },
    repository: rest.repository ?? { type: "git", url: name },
    main: "index.js",
    types: "index.d.ts",
    stability: "experimental",
    jsii: {
      outdir: "dist",
      versionFormat: "short",
      targets: { python: { distName: name, module: name.replaceAll("-", "_") } },
    },
    peerDependencies: Object.fromEntries(peers.map((peer) => [peer, rest.peerDependencies[peer]])),
    devDependencies: Object.fromEntries(peers.map((peer) => [peer, rest.devDependencies[peer]])),
  };
}

async function tool(project: string, cwd: string, bin: string, ...args: string[]): Promise<void> {
  try {
    await run(process.execPath, [join(project, "node_modules", bin), ...args], {
      cwd,
      env: { ...process.env, ...QUIET },
    });
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    throw new Error(`${bin} failed:\n${stdout}${stderr}`);
  }
}

if (require.main === module) {
  const [, , folder] = process.argv;
  const built = folder
    ? buildJsii(join(__dirname, "../.."), resolve(folder))
    : Promise.reject(new Error("Name the folder, outside of this one, to make the package in."));
  built.catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
