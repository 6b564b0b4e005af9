import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keccak256, toUtf8Bytes } from "ethers";
import { z } from "zod";
import type { Hex } from "../domain/order-terms.ts";
import { fromQuantity, type JsonRpc } from "./json-rpc.ts";

const hex = z
  .string()
  .regex(/^0x[0-9a-f]*$/)
  .transform((value) => value as Hex);

const deployedContract = z.object({
  address: hex,
  args: z.array(z.union([z.string(), z.number()])),
  initCodeHash: hex,
  codeHash: hex,
  deployedAtBlock: z.number().int(),
});

const deploymentRecord = z.object({
  chainId: z.number().int(),
  genesisHash: hex,
  block: z.number().int(),
  operator: hex,
  feeReceiver: hex,
  arbiterSetId: z.number().int(),
  arbiters: z.array(hex),
  contracts: z.object({
    networkAccess: deployedContract,
    participantRegistry: deployedContract,
    tokenRegistry: deployedContract,
    ledgerSettlement: deployedContract,
    orderConsents: deployedContract,
    ledgerAdministration: deployedContract,
    settlementLedger: deployedContract,
    disputeCourt: deployedContract,
    permitCollector: deployedContract,
    statementVerifier: deployedContract,
  }),
  tokens: z.record(z.string(), deployedContract.extend({ decimals: z.number().int() })),
});

/** A contract on chain. `initCodeHash` is of what created it, `codeHash` of the code as it stands there with immutables. */
export type DeployedContract = Readonly<z.output<typeof deployedContract>>;

/**
 * Where a network's contracts are. `block` is the one before which nothing of the network is on chain; `tokens` go by
 * currency code.
 */
export type Deployment = Readonly<z.output<typeof deploymentRecord>>;

export type DeployedContractName = keyof Deployment["contracts"];

/** The chain is not the one that the record is about. */
export class DeploymentMismatchError extends Error {
  /** The contract, `token <currency>`, `chain id` or `genesis block`. */
  readonly subject: string;
  readonly expected: string;
  readonly actual: string;

  constructor(subject: string, expected: string, actual: string) {
    super(`The ${subject} on chain is ${actual}, but the deployment record says ${expected}.`);
    this.name = "DeploymentMismatchError";
    this.subject = subject;
    this.expected = expected;
    this.actual = actual;
  }
}

/** There is no usable deployment record for a chain. */
export class DeploymentMissingError extends Error {
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`No deployment record at ${path}: ${reason}.`);
    this.name = "DeploymentMissingError";
    this.path = path;
  }
}

/** The record of a chain; undefined if there is none. Throws `DeploymentMissingError` on one that is damaged. */
export async function readDeployment(directory: string, chainId: number): Promise<Deployment | undefined> {
  const path = deploymentPath(directory, chainId);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }

  const parsed = deploymentRecord.safeParse(parseJson(text));
  if (!parsed.success) throw new DeploymentMissingError(path, "the file is damaged");
  return parsed.data;
}

/** Writes the record whole or not at all; bytes that are there already are left alone. */
export async function writeDeployment(directory: string, deployment: Deployment): Promise<void> {
  const path = deploymentPath(directory, deployment.chainId);
  const text = `${JSON.stringify(deployment, null, 2)}\n`;
  await mkdir(directory, { recursive: true });
  const present = await readFile(path, "utf8").catch(() => undefined);
  if (present === text) return;

  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}

/** Where the record of a chain is kept. */
export function deploymentPath(directory: string, chainId: number): string {
  return join(directory, `${chainId}.json`);
}

/** Throws `DeploymentMismatchError` unless chain id, genesis block and the code of every contract are the recorded. */
export async function verifyDeployment(rpc: JsonRpc, deployment: Deployment): Promise<void> {
  const chainId = fromQuantity(await rpc.request<string>("eth_chainId"));
  requireEqual("chain id", deployment.chainId.toString(), chainId.toString());
  requireEqual("genesis block", deployment.genesisHash, await readGenesisHash(rpc));

  const contracts = deployedContracts(deployment);
  const hashes = await readCodeHashes(
    rpc,
    contracts.map(({ contract }) => contract.address),
  );
  for (const [index, { name, contract }] of contracts.entries()) {
    requireEqual(`code of ${name}`, contract.codeHash, hashes[index] ?? NO_CODE);
  }
}

/** Identifies the core contracts; another currency does not make them another set. */
export function contractSetHash(deployment: Deployment): Hex {
  const lines = Object.entries(deployment.contracts)
    .map(([name, contract]) => `${name} ${contract.address} ${contract.codeHash}`)
    .sort();
  return keccak256(toUtf8Bytes(lines.join("\n"))) as Hex;
}

/** The hash of a chain's first block. */
export async function readGenesisHash(rpc: JsonRpc): Promise<Hex> {
  const block = await rpc.request<{ hash: Hex } | null>("eth_getBlockByNumber", ["0x0", false]);
  if (block === null) throw new DeploymentMismatchError("genesis block", "present", "absent");
  return block.hash;
}

/** Hashes of the code at addresses; `NO_CODE` where there is none. */
export async function readCodeHashes(rpc: JsonRpc, addresses: readonly Hex[]): Promise<Hex[]> {
  const codes = await rpc.batch<Hex>(
    addresses.map((address) => ({ method: "eth_getCode", params: [address, "latest"] })),
  );
  return codes.map((code) => (code === "0x" ? NO_CODE : (keccak256(code) as Hex)));
}

/** Stands for the hash of no code. */
export const NO_CODE: Hex = "0x";

function deployedContracts(deployment: Deployment): { name: string; contract: DeployedContract }[] {
  return [
    ...Object.entries(deployment.contracts).map(([name, contract]) => ({ name, contract })),
    ...Object.entries(deployment.tokens).map(([currency, contract]) => ({
      name: `token ${currency}`,
      contract,
    })),
  ];
}

function requireEqual(subject: string, expected: string, actual: string): void {
  if (expected !== actual) throw new DeploymentMismatchError(subject, expected, actual);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
