import { parseArgs } from "node:util";
import { deployNetwork, type NetworkActors } from "../services/chain/deploy-network.ts";
import { deploymentPath } from "../services/chain/deployment.ts";
import { developmentActors } from "../services/chain/development-actors.ts";
import { isDevelopmentChain } from "../services/chain/development-keys.ts";
import { detectEngine } from "../services/chain/engine.ts";
import { createJsonRpc } from "../services/chain/json-rpc.ts";
import { createLocalSigner } from "../services/chain/signer.ts";
import { addressOfKey } from "../services/chain/typed-data.ts";
import type { Hex } from "../services/domain/order-terms.ts";
import { createSystemClock } from "../services/platform/clock.ts";
import { type Config, readConfig, requireSetting } from "../services/platform/config.ts";

const HELP = `Deploys a network, or what is missing of it. A second run changes nothing.

  --rpc-url URL             the chain (default: RPC_URL)
  --currencies CODES        ISO 4217, separated by commas (default: BRL)
  --deployments DIR         where the record <chainId>.json is kept (default: RIALTO_DEPLOYMENTS_DIR)
  --arbiters ADDRESSES      members of arbiter set 1, separated by commas (other than development networks)
  --threshold N             votes that decide (default: a majority)
  --fee-receiver ADDRESS    who earns the fees (default: the operator)
  --respond-window SECONDS  for the merchant's answer to a dispute (default: 604800)
  --rule-window SECONDS     for the panel's ruling (default: 1209600)
  --json                    print the record and nothing else

Keys come from the environment, see .env.example; on a development network they are derived.
`;

const { values } = parseArgs({
  options: {
    "rpc-url": { type: "string" },
    currencies: { type: "string", default: "BRL" },
    deployments: { type: "string" },
    arbiters: { type: "string" },
    threshold: { type: "string" },
    "fee-receiver": { type: "string" },
    "respond-window": { type: "string", default: "604800" },
    "rule-window": { type: "string", default: "1209600" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await deploy(readConfig());

async function deploy(config: Config): Promise<void> {
  const rpc = createJsonRpc({ url: requireSetting(values["rpc-url"] ?? config.rpcUrl, "RPC_URL") });
  const { chainId, clientVersion } = await detectEngine(rpc);
  const directory = values.deployments ?? config.deploymentsDirectory;
  const say = (text: string): void => void (values.json || process.stdout.write(`${text}\n`));

  say(`chain ${chainId} (${clientVersion})`);
  let transactions = 0;
  const deployment = await deployNetwork({
    rpc,
    clock: createSystemClock(),
    actors: isDevelopmentChain(chainId) ? developmentActors(chainId) : configuredActors(config),
    currencies: listOf(values.currencies),
    directory,
    policy: {
      respondWindow: wholeNumber("respond-window", values["respond-window"]),
      ruleWindow: wholeNumber("rule-window", values["rule-window"]),
    },
    onStep: ({ action, subject }) => {
      transactions += 1;
      say(`${action} ${subject}`);
    },
  });
  if (values.json) process.stdout.write(`${JSON.stringify(deployment)}\n`);
  say(`${transactions} transactions sent; the record is ${deploymentPath(directory, chainId)}`);
}

function configuredActors({ keys }: Config): NetworkActors {
  const operator = addressOfKey(requireSetting(keys.operator, "RIALTO_OPERATOR_KEY"));
  const arbiters = listOf(requireSetting(values.arbiters, "--arbiters")).map(toAddress);
  const majority = Math.floor(arbiters.length / 2) + 1;
  return {
    deployer: createLocalSigner(requireSetting(keys.deployer, "RIALTO_DEPLOYER_KEY")),
    registrar: createLocalSigner(requireSetting(keys.registrar, "RIALTO_REGISTRAR_KEY")),
    issuer: createLocalSigner(requireSetting(keys.issuer, "RIALTO_ISSUER_KEY")),
    operator,
    feeReceiver: values["fee-receiver"] === undefined ? operator : toAddress(values["fee-receiver"]),
    settler: addressOfKey(requireSetting(keys.settler, "RIALTO_SETTLER_KEY")),
    arbiters,
    threshold: values.threshold === undefined ? majority : wholeNumber("threshold", values.threshold),
  };
}

function listOf(text: string): string[] {
  return text.split(",").map((item) => item.trim());
}

function toAddress(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new RangeError(`${text} is no address.`);
  return text.toLowerCase() as Hex;
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${flag} must be a whole number.`);
  return Number.parseInt(text, 10);
}
