import {
  type CourtPolicy,
  deployNetwork,
  type NetworkActors,
  type RoleHolders,
} from "../chain/deploy-network.ts";
import { deploymentPath } from "../chain/deployment.ts";
import { developmentActors } from "../chain/development-actors.ts";
import { isDevelopmentChain } from "../chain/development-keys.ts";
import { detectEngine } from "../chain/engine.ts";
import { createJsonRpc } from "../chain/json-rpc.ts";
import { createLocalSigner } from "../chain/signer.ts";
import { addressOfKey } from "../chain/typed-data.ts";
import type { Hex } from "../domain/order-terms.ts";
import { createSystemClock } from "../platform/clock.ts";
import { type Config, readConfig, requireSetting } from "../platform/config.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { UsageError } from "./failure.ts";
import { DEVELOPMENT_CURRENCIES } from "./local-chain.ts";
import type { Terminal } from "./terminal.ts";

export type DeployCommand = {
  readonly rpcUrl?: string;
  readonly currencies?: readonly string[];
  readonly deployments?: string;
  /** Other than on development networks: members of arbiter set 1 and the votes that decide. */
  readonly arbiters?: readonly string[];
  readonly threshold?: number;
  readonly feeReceiver?: string;
  /** Other than on development networks. */
  readonly roleHolders?: RoleHolders;
  readonly policy: CourtPolicy;
  readonly terminal: Terminal;
};

/** Deploys what is missing of a network and says each step; a second run changes nothing. */
export async function deploy(command: DeployCommand): Promise<ExitCode> {
  const config = readConfig();
  const { terminal } = command;
  const rpc = createJsonRpc({ url: requireSetting(command.rpcUrl ?? config.rpcUrl, "RPC_URL") });
  const { chainId, clientVersion } = await detectEngine(rpc);
  const directory = command.deployments ?? config.deploymentsDirectory;
  const isDevelopment = isDevelopmentChain(chainId);
  if (isDevelopment && command.roleHolders !== undefined) {
    throw new UsageError("--grant is for other than development networks, whose roles have derived keys");
  }
  terminal.note(`chain ${chainId} (${clientVersion})`);

  let steps = 0;
  const deployment = await deployNetwork({
    rpc,
    clock: createSystemClock(),
    actors: isDevelopment ? developmentActors(chainId) : configuredActors(config, command),
    currencies: currenciesOf(command, isDevelopment),
    directory,
    policy: command.policy,
    onStep: ({ action, subject }) => {
      steps += 1;
      terminal.note(`${action} ${subject}`);
    },
  });
  terminal.printJson(deployment);
  if (!isDevelopment && command.roleHolders?.admin === undefined) {
    terminal.note(
      "The deployer is the admin, without delay: see docs/deployment.md for handing the network over.",
    );
  }
  terminal.print(`${steps} transactions sent; the record is ${deploymentPath(directory, chainId)}`);
  return EXIT_CODES.ok;
}

function currenciesOf(command: DeployCommand, isDevelopment: boolean): readonly string[] {
  if (command.currencies !== undefined) return command.currencies;
  if (isDevelopment) return DEVELOPMENT_CURRENCIES;
  throw new UsageError("--currencies is needed: which currencies a network settles is not guessed");
}

function configuredActors({ keys }: Config, command: DeployCommand): NetworkActors {
  const operator = addressOfKey(requireSetting(keys.operator, "RIALTO_OPERATOR_KEY"));
  const arbiters = (command.arbiters ?? []).map(toAddress);
  if (arbiters.length === 0)
    throw new UsageError("--arbiters is needed: a network without a panel cannot rule");
  return {
    deployer: createLocalSigner(requireSetting(keys.deployer, "RIALTO_DEPLOYER_KEY")),
    registrar: createLocalSigner(requireSetting(keys.registrar, "RIALTO_REGISTRAR_KEY")),
    issuer: createLocalSigner(requireSetting(keys.issuer, "RIALTO_ISSUER_KEY")),
    operator,
    feeReceiver: command.feeReceiver === undefined ? operator : toAddress(command.feeReceiver),
    settler: addressOfKey(requireSetting(keys.settler, "RIALTO_SETTLER_KEY")),
    roleHolders: {
      ...(keys.guardian === undefined ? {} : { guardian: addressOfKey(keys.guardian) }),
      ...command.roleHolders,
    },
    arbiters,
    threshold: command.threshold ?? Math.floor(arbiters.length / 2) + 1,
  };
}

function toAddress(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new UsageError(`${text} is no address`);
  return text.toLowerCase() as Hex;
}
