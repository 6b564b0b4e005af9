import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { expect } from "chai";
import { CONFIG_VARIABLES } from "../services/platform/config.ts";

const SHARED = ["domain", "platform", "store", "chain"];

/** Which folders of services/ each folder may import; docs/architecture.md says why. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  platform: [],
  store: ["domain", "platform"],
  chain: ["domain", "platform"],
  journal: ["domain", "platform"],
  mirror: SHARED,
  relayer: SHARED,
  reconciler: SHARED,
  api: SHARED,
  cli: [...SHARED, "journal", "mirror", "relayer", "reconciler", "api"],
};

const BANNED_NAMES = /(^|\/)(utils?|helpers?|common|misc|manager|types|index)\.ts$/;
const CEILINGS = { typescript: 300, contract: 400, library: 120, interface: 350 };

const services = globSync("services/**/*.ts");
const typescript = [...services, ...globSync("{scripts,test,bench}/**/*.ts")];
const solidity = globSync("contracts/**/*.sol");

describe("the house rules", () => {
  it("lets a folder import only the layers below it", () => {
    const wrong = services.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith("services/"))
        .filter((target) => folderOf(target) !== folderOf(file))
        .filter((target) => !LAYERS[folderOf(file)]?.includes(folderOf(target)))
        .map((target) => `${file} -> ${target}`),
    );

    expect(wrong).to.deep.equal([]);
  });

  it("lets nothing import scripts or tests", () => {
    const wrong = services.filter((file) =>
      importsOf(file).some((target) => /^(scripts|test)\//.test(target)),
    );

    expect(wrong).to.deep.equal([]);
  });

  it("has no import cycles", () => {
    const graph = new Map(services.map((file) => [file, importsOf(file)]));

    expect(findCycle(graph)).to.equal(undefined);
  });

  it("keeps files under their ceilings", () => {
    const long = [
      ...typescript.map((file) => [file, CEILINGS.typescript] as const),
      ...solidity.map((file) => [file, ceilingOfContract(file)] as const),
    ].filter(([file, ceiling]) => linesOf(file) > ceiling);

    expect(long).to.deep.equal([]);
  });

  it("has no drawers and only kebab-case names", () => {
    const wrong = typescript.filter(
      (file) => BANNED_NAMES.test(file) || !/^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d))*\.ts$/.test(basename(file)),
    );

    expect(wrong).to.deep.equal([]);
  });

  for (const [token, allowed] of [
    ["console.", []],
    ["process.env", ["services/platform/config.ts"]],
    ["new Date(", ["services/platform/clock.ts"]],
    ["Date.now(", ["services/platform/clock.ts"]],
    ["Number(", []],
    ["parseFloat(", []],
  ] as const) {
    it(`keeps ${token} out of services`, () => {
      const wrong = services.filter(
        (file) => codeOf(file).includes(token) && !(allowed as readonly string[]).includes(file),
      );

      expect(wrong).to.deep.equal([]);
    });
  }

  it("has every configuration variable in .env.example", () => {
    const example = readFileSync(".env.example", "utf8");
    const missing = CONFIG_VARIABLES.filter((name) => !new RegExp(`^#? ?${name}=`, "m").test(example));

    expect(missing).to.deep.equal([]);
  });

  it("names only paths that exist in README, AGENTS and docs", () => {
    const missing = ["README.md", "AGENTS.md", "CHANGELOG.md", ...globSync("docs/**/*.md")].flatMap((page) =>
      citedPaths(page)
        .filter((path) => !existsSync(path) && !existsSync(join(dirname(page), path)))
        .map((path) => `${page}: ${path}`),
    );

    expect(missing).to.deep.equal([]);
  });

  it("runs every command of the README in .ci/run", () => {
    const script = readFileSync(".ci/run", "utf8");
    const commands = [...readFileSync("README.md", "utf8").matchAll(/```sh\n([\s\S]*?)```/g)]
      .flatMap(([, block = ""]) => block.split("\n"))
      .map((line) => line.replace(/\s+#.*$/, "").trim())
      .filter((line) => line !== "");

    expect(commands).to.not.be.empty;
    expect(commands.filter((command) => !script.includes(command))).to.deep.equal([]);
  });

  it("keeps the README within 120 lines", () => {
    expect(linesOf("README.md")).to.be.at.most(120);
  });
});

function codeOf(file: string): string {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => !/^\s*(\*|\/\/|\/\*)/.test(line))
    .join("\n");
}

function importsOf(file: string): string[] {
  return [...codeOf(file).matchAll(/(?:from|import)\s*\(?"(\.[^"]+)"/g)].map(([, path = ""]) =>
    normalize(join(dirname(file), path)),
  );
}

function folderOf(file: string): string {
  return file.split("/")[1] ?? "";
}

function linesOf(file: string): number {
  return readFileSync(file, "utf8").split("\n").length - 1;
}

function ceilingOfContract(file: string): number {
  if (file.startsWith("contracts/interfaces/")) return CEILINGS.interface;
  if (file.startsWith("contracts/types/")) return CEILINGS.library;
  return CEILINGS.contract;
}

function citedPaths(page: string): string[] {
  return [
    ...readFileSync(page, "utf8").matchAll(
      /[`(]((?:\.\.?\/)?[\w.-]+(?:\/[\w.-]+)+\.(?:ts|sol|md|json|sql|mjs))[`)]/g,
    ),
  ].map(([, path = ""]) => path);
}

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];

  function visit(file: string): string[] | undefined {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    path.push(file);
    for (const target of graph.get(file) ?? []) {
      const cycle = visit(target);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    finished.add(file);
    return undefined;
  }

  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
