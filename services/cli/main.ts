import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { GRANTABLE_ROLES, type RoleHolders } from "../chain/deploy-options.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { createTerminal } from "./terminal.ts";

const DEFAULT_FEE_BPS = 500;
const WEEK_SECONDS = 604_800;

/** Runs the `rialto` command line; resolves to its exit status and never rejects. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.ok;
  const program = createProgram((code) => {
    exitCode = code;
  });

  // Without a listener a reader that closes its end would break a command off in the middle of its work.
  process.stdout.on("error", () => undefined);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
    const { describeFailure, isClosedPipe } = await import("./failure.ts");
    if (isClosedPipe(error)) return EXIT_CODES.ok;
    const failure = describeFailure(error);
    process.stderr.write(`${failure.text}\n`);
    return failure.exitCode;
  }
}

/** The commands; their modules are loaded when they run, so that `--help` answers at once. */
function createProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command("rialto")
    .description("A settlement network for commerce: escrow, capture, refund, dispute, netting and payout.")
    .exitOverride()
    .addHelpText(
      "after",
      "\nSettings come from the environment: see .env.example. Exit codes: docs/operations.",
    );
  const command = (name: string, description: string) =>
    program.command(name).description(description).exitOverride();
  addNetworkCommands(command, finish);
  addJournalCommands(command, finish);
  addRoleCommands(command, finish);
  return program;
}

type AddCommand = (name: string, description: string) => Command;
type Finish = (code: ExitCode) => void;

function addNetworkCommands(command: AddCommand, finish: Finish): void {
  command("up", "run a whole network: chain, contracts, every service; Ctrl-C stops it")
    .option("--no-sample", "leave the sample orders out")
    .addOption(engineOption())
    .action(async (options) => finish(await (await import("./up.ts")).up(options)));

  command("demo", "settle a journal on a fresh network in a temporary folder, pay out and audit")
    .addOption(new Option("--journal <file>", "an order journal").conflicts("olist"))
    .option("--olist <dir>", "a folder with the Olist files")
    .option("--fee-bps <n>", "fee in basis points", parseBps, DEFAULT_FEE_BPS)
    .option("--json", "print one JSON document")
    .addOption(engineOption())
    .action(async ({ json = false, ...options }) => {
      const { demo } = await import("./demo.ts");
      finish(await demo({ ...options, terminal: createTerminal({ isJson: json }) }));
    });

  command("deploy", "deploy the contracts, or what is missing of them, and write deployments/<chainId>.json")
    .option("--rpc-url <url>", "the chain (default: RPC_URL)", parseUrl)
    .option("--currencies <codes>", "ISO 4217 codes, separated by commas", parseCurrencies)
    .option("--deployments <dir>", "where the record is kept (default: RIALTO_DEPLOYMENTS_DIR)")
    .option("--arbiters <addresses>", "members of arbiter set 1 (development: derived)", parseList)
    .option("--threshold <n>", "votes that decide (default: a majority)", parseWhole)
    .option("--fee-receiver <address>", "who earns the fees (default: the operator)")
    .option(
      "--grant <role=address>",
      "who holds a role, once for each: admin, compliance, compliance-release, seizure, arbiter-admin, treasurer, " +
        "risk, guardian (default: docs/deployment.md)",
      parseGrant,
    )
    .option("--respond-window <seconds>", "for a merchant's answer to a dispute", parseWhole, WEEK_SECONDS)
    .option("--rule-window <seconds>", "for a panel's ruling", parseWhole, 2 * WEEK_SECONDS)
    .option("--appeal-window <seconds>", "for an appeal; 0 for none", parseWhole, WEEK_SECONDS)
    .option("--json", "print the deployment record")
    .action(async ({ json = false, grant, respondWindow, ruleWindow, appealWindow, ...options }) => {
      const { deploy } = await import("./deploy.ts");
      const policy = courtPolicy({ respondWindow, ruleWindow, appealWindow });
      finish(
        await deploy({ ...options, roleHolders: grant, policy, terminal: createTerminal({ isJson: json }) }),
      );
    });
}

/** Everything else follows from the windows: a larger panel gets as long as the first, the hard stop a week on top. */
function courtPolicy(windows: {
  readonly respondWindow: number;
  readonly ruleWindow: number;
  readonly appealWindow: number;
}) {
  const { respondWindow, ruleWindow, appealWindow } = windows;
  const appealRuleWindow = appealWindow === 0 ? 0 : ruleWindow;
  return {
    ...windows,
    appealRuleWindow,
    hardStop: respondWindow + 2 * ruleWindow + appealWindow + appealRuleWindow + WEEK_SECONDS,
    openBondBps: 0,
    appealBondBps: 0,
    evidenceCap: 4,
  };
}

function addJournalCommands(command: AddCommand, finish: Finish): void {
  command("import", "carry out an order journal against a running network")
    .argument("<file>", "the journal; - for standard input")
    .option("--stop-on-error", "end at the first line that fails", false)
    .option("--fee-bps <n>", "fee in basis points", parseBps, DEFAULT_FEE_BPS)
    .option("--journal-id <name>", "what the journal is known by (default: its first line)")
    .option("--api-url <url>", "the network's API (default: RIALTO_API_URL)", parseUrl)
    .option("--json", "print one JSON document")
    .action(async (file, { json = false, ...options }) => {
      const { importFile } = await import("./import.ts");
      finish(await importFile({ ...options, file, terminal: createTerminal({ isJson: json }) }));
    });

  const convert = command("convert", "turn other files into an order journal");
  convert
    .command("olist")
    .description("the Brazilian e-commerce data set by Olist, .csv or .csv.gz")
    .exitOverride()
    .argument("<dir>", "the folder with the files")
    .option("--out <file>", "where the journal goes (default: standard output)")
    .option("--json", "print the counts as JSON; needs --out")
    .action(async (directory, { json = false, out }) => {
      if (json && out === undefined)
        convert.error("error: --json needs --out, as the journal has standard output");
      const { convert: run } = await import("./convert.ts");
      finish(await run({ directory, out, terminal: createTerminal({ isJson: json }) }));
    });

  command("balances", "what each merchant captured, was paid and is owed")
    .option("--api-url <url>", "the network's API (default: RIALTO_API_URL)", parseUrl)
    .option("--json", "print one JSON document")
    .action(async ({ json = false, ...options }) => {
      const { balances } = await import("./balances.ts");
      finish(await balances({ ...options, terminal: createTerminal({ isJson: json }) }));
    });

  command("audit", "replay the chain's log and compare it with the contracts and the mirror")
    .option("--api-url <url>", "the network's API (default: RIALTO_API_URL)", parseUrl)
    .option("--rpc-url <url>", "the chain (default: RPC_URL, else the running network's)", parseUrl)
    .option("--json", "print one JSON document")
    .action(async ({ json = false, ...options }) => {
      const { audit } = await import("./audit.ts");
      finish(await audit({ ...options, terminal: createTerminal({ isJson: json }) }));
    });
}

function addRoleCommands(command: AddCommand, finish: Finish): void {
  const roles = {
    api: "serve the HTTP API",
    mirror: "copy the chain into the database",
    relayer: "send what the outbox holds to the chain",
    reconciler: "compare chain and database again and again",
  } as const;
  for (const [role, description] of Object.entries(roles)) {
    command(role, `${description}, as a process of its own (needs RPC_URL)`).action(async () => {
      const { runRole } = await import("./role.ts");
      finish(await runRole(role as keyof typeof roles));
    });
  }
}

function engineOption(): Option {
  return new Option("--engine <engine>", "the local chain").choices(["anvil", "hardhat"]);
}

function parseBps(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value <= 10_000)) throw new InvalidArgumentError("A whole number from 0 to 10000 is needed.");
  return value;
}

function parseWhole(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number above 0 is needed.");
  return Number.parseInt(text, 10);
}

function parseUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError("A URL starting with http:// or https:// is needed.");
}

function parseList(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

function parseGrant(text: string, earlier: RoleHolders = {}): RoleHolders {
  const [role, address = ""] = text.split("=", 2);
  const name = GRANTABLE_ROLES.find(
    (each) => each.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) === role,
  );
  if (name === undefined) throw new InvalidArgumentError(`${role} is none of the roles.`);
  if (!/^0x[0-9a-fA-F]{40}$/.test(address)) throw new InvalidArgumentError(`${text} names no address.`);
  if (earlier[name] !== undefined) throw new InvalidArgumentError(`${role} is granted twice.`);
  return { ...earlier, [name]: address.toLowerCase() };
}

function parseCurrencies(text: string): string[] {
  const codes = parseList(text.toUpperCase());
  if (codes.every((code) => /^[A-Z]{3}$/.test(code))) return codes;
  throw new InvalidArgumentError("Three-letter currency codes separated by commas are needed.");
}
