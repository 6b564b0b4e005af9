import { id as keccakOf, ZeroAddress } from "ethers";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../domain/operation.ts";
import type { Hex } from "../domain/order-terms.ts";
import { CONTRACT_ARTIFACTS, type ContractName } from "./abi.ts";
import { readContract } from "./contract-calls.ts";
import type { DeployOptions } from "./deploy-options.ts";
import { createDeployer } from "./deployer.ts";
import type { Deployment } from "./deployment.ts";
import { isDevelopmentChain } from "./development-keys.ts";
import { type JsonRpc, toQuantity } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";

/** As in contracts/access/NetworkRoles.sol. */
const ROLES = {
  registrar: 1n,
  compliance: 2n,
  issuer: 3n,
  settler: 4n,
  arbiterAdmin: 5n,
  guardian: 6n,
} as const;

/** Which functions need which role; everything else that is restricted is the admin's. */
const FUNCTION_ROLES = [
  { contract: "participantRegistry", functions: ["register", "registerBatch"], role: ROLES.registrar },
  { contract: "participantRegistry", functions: ["setStatus"], role: ROLES.compliance },
  { contract: "disputeCourt", functions: ["setPolicy", "defineArbiterSet"], role: ROLES.arbiterAdmin },
] as const;
const TOKEN_FUNCTIONS = ["mint", "mintBatch", "burn"];

/** The network's own participants do not expire: the last moment that fits. */
const KYC_FOREVER = 2 ** 40 - 1;

/** What the issuer puts behind merchants' debts on a development network, per token, in base units. */
const DEVELOPMENT_GUARANTEE = 2n ** 82n;

const UNLIMITED = 2n ** 256n - 1n;

type WireOptions = DeployOptions & { readonly chainId: number; readonly deployment: Deployment };

type Wiring = WireOptions & {
  readonly call: ReturnType<typeof createDeployer>["call"];
  readonly read: (
    contract: ContractName,
    address: Hex,
    functionName: string,
    args: readonly unknown[],
  ) => ReturnType<typeof readContract>;
};

/** Grants roles, registers the network's own participants, opens books and names ledger and court, where missing. */
export async function wireNetwork(options: WireOptions): Promise<void> {
  const { rpc, actors } = options;
  const { call } = createDeployer({ ...options, signer: actors.deployer });
  const wiring: Wiring = {
    ...options,
    call,
    read: (contract, address, functionName, args) =>
      readContract(rpc, { contract, address, functionName, args }),
  };

  await grantRoles(wiring);
  await connectContracts(wiring);
  await setCourtRules(wiring);
  await registerParticipant(wiring, actors.operator, "operator");
  await registerParticipant(wiring, actors.issuer.address, "institution");
  if (actors.feeReceiver !== actors.operator) {
    await registerParticipant(wiring, actors.feeReceiver, "institution");
  }
  for (const token of Object.values(options.deployment.tokens)) await openBook(wiring, token.address);
}

async function grantRoles(wiring: Wiring): Promise<void> {
  const { actors, deployment, call, read } = wiring;
  const { networkAccess, participantRegistry, disputeCourt, settlementLedger } = deployment.contracts;
  const access = networkAccess.address;
  for (const { contract, functions, role } of FUNCTION_ROLES) {
    const target = contract === "disputeCourt" ? disputeCourt : participantRegistry;
    await assignFunctions(wiring, contract, target.address, functions, role);
  }
  for (const token of Object.values(deployment.tokens)) {
    await assignFunctions(wiring, "token", token.address, TOKEN_FUNCTIONS, ROLES.issuer);
  }

  const [operatorRole] = await read("networkAccess", access, "operatorRole", [actors.operator]);
  const grants: [bigint, Hex][] = [
    [ROLES.registrar, actors.registrar.address],
    [ROLES.compliance, actors.registrar.address],
    [ROLES.issuer, actors.issuer.address],
    [ROLES.settler, actors.settler],
    [ROLES.arbiterAdmin, actors.deployer.address],
    [operatorRole, actors.operator],
    ...(actors.guardian === undefined ? [] : [[ROLES.guardian, actors.guardian] as [bigint, Hex]]),
  ];
  for (const [role, account] of grants) {
    const [isMember] = await read("networkAccess", access, "hasRole", [role, account]);
    if (isMember) continue;
    await call({
      contract: "networkAccess",
      address: access,
      functionName: "grantRole",
      args: [role, account, 0],
    });
  }

  const ledger = settlementLedger.address;
  const [actsFor] = await read("settlementLedger", ledger, "authorityOf", [actors.operator]);
  if (actsFor.toLowerCase() !== actors.operator) await syncAuthority(wiring, actors.operator);
  const [, isSettler] = await read("settlementLedger", ledger, "authorityOf", [actors.settler]);
  if (!isSettler) await syncAuthority(wiring, actors.settler);
}

async function assignFunctions(
  wiring: Wiring,
  contract: ContractName,
  target: Hex,
  functions: readonly string[],
  role: bigint,
): Promise<void> {
  const access = wiring.deployment.contracts.networkAccess.address;
  const { abi } = CONTRACT_ARTIFACTS[contract];
  const missing: string[] = [];
  for (const name of functions) {
    const selector = abi.getFunction(name)?.selector;
    if (selector === undefined) throw new RangeError(`${contract} has no function ${name}.`);
    const [assigned] = await wiring.read("networkAccess", access, "getTargetFunctionRole", [
      target,
      selector,
    ]);
    if (assigned !== role) missing.push(selector);
  }
  if (missing.length === 0) return;

  const args = [target, missing, role];
  await wiring.call({
    contract: "networkAccess",
    address: access,
    functionName: "setTargetFunctionRole",
    args,
  });
}

async function syncAuthority(wiring: Wiring, key: Hex): Promise<void> {
  const address = wiring.deployment.contracts.settlementLedger.address;
  const args = [key, wiring.actors.operator];
  await wiring.call({ contract: "settlementLedger", address, functionName: "syncAuthority", args });
}

async function connectContracts(wiring: Wiring): Promise<void> {
  const { participantRegistry, settlementLedger, disputeCourt } = wiring.deployment.contracts;
  const connections = [
    {
      contract: "participantRegistry",
      address: participantRegistry.address,
      functionName: "setLedger",
      view: "ledger",
      value: settlementLedger.address,
    },
    {
      contract: "settlementLedger",
      address: settlementLedger.address,
      functionName: "setCourt",
      view: "court",
      value: disputeCourt.address,
    },
  ] as const;
  for (const { contract, address, functionName, view, value } of connections) {
    const [present] = await wiring.read(contract, address, view, []);
    if (String(present).toLowerCase() === value) continue;
    await wiring.call({ contract, address, functionName, args: [value] });
  }
}

async function setCourtRules(wiring: Wiring): Promise<void> {
  const { deployment, policy, actors, call, read } = wiring;
  const address = deployment.contracts.disputeCourt.address;
  const [present] = await read("disputeCourt", address, "policy", []);
  const isPresent =
    present.respondWindow === BigInt(policy.respondWindow) &&
    present.ruleWindow === BigInt(policy.ruleWindow);
  if (!isPresent) {
    await call({ contract: "disputeCourt", address, functionName: "setPolicy", args: [policy] });
  }

  const sets = await readEvents(wiring, "disputeCourt", address, "ArbiterSetDefined");
  const threshold = BigInt(actors.threshold);
  if (sets.length > 0) {
    const set = await read("disputeCourt", address, "arbiterSet", [deployment.arbiterSetId, 0]);
    const members = [...set.members].map((member: string) => member.toLowerCase());
    if (set.threshold === threshold && members.join() === deployment.arbiters.join()) return;
  }
  const args = [deployment.arbiterSetId, deployment.arbiters, threshold];
  await call({ contract: "disputeCourt", address, functionName: "defineArbiterSet", args });
}

async function registerParticipant(wiring: Wiring, account: Hex, kind: ParticipantKind): Promise<void> {
  const address = wiring.deployment.contracts.participantRegistry.address;
  const [participant] = await wiring.read("participantRegistry", address, "participantOf", [account]);
  if (participant.status !== 0n) return;

  const registration = {
    account,
    kind: PARTICIPANT_KINDS.indexOf(kind) + 1,
    kycLevel: 0,
    kycUntil: KYC_FOREVER,
    payoutAddress: ZeroAddress,
    termsHash: `0x${"0".repeat(64)}`,
  };
  await wiring.call({
    contract: "participantRegistry",
    address,
    functionName: "register",
    args: [registration],
    signer: wiring.actors.registrar,
  });
}

async function openBook(wiring: Wiring, token: Hex): Promise<void> {
  const { actors, deployment, call, read } = wiring;
  const ledger = deployment.contracts.settlementLedger.address;
  const { operator, feeReceiver, issuer } = actors;
  const readBook = () => read("settlementLedger", ledger, "bookOf", [operator, token]);
  let [book] = await readBook();
  if (book.vault === ZeroAddress) {
    await call({
      contract: "settlementLedger",
      address: ledger,
      functionName: "openBook",
      args: [operator, token],
    });
    [book] = await readBook();
  }

  await registerParticipant(wiring, book.vault.toLowerCase(), "vault");
  const [feeWord] = await read("settlementLedger", ledger, "accountWord", [operator, token, feeReceiver]);
  if (feeWord === 0n) {
    const args = [operator, token, [feeReceiver]];
    await call({ contract: "settlementLedger", address: ledger, functionName: "syncAccounts", args });
  }
  // The issuer's deposits are taken out of its tokens by the ledger, which asks for no more than its caller sends.
  const [allowance] = await read("token", token, "allowance", [issuer.address, ledger]);
  if (allowance !== UNLIMITED) {
    await callToken(wiring, token, "approve", [ledger, UNLIMITED], issuer);
  }
  if (isDevelopmentChain(wiring.chainId) && book.guarantee === 0n) await seedGuarantee(wiring, token);
}

async function seedGuarantee(wiring: Wiring, token: Hex): Promise<void> {
  const { actors, deployment } = wiring;
  const { issuer } = actors;
  const address = deployment.contracts.settlementLedger.address;
  const bankReference = keccakOf(`rialto development guarantee|${token}`) as Hex;
  const minted = await readEvents(wiring, "token", token, "Minted", [null, bankReference]);
  if (minted.length === 0) {
    await callToken(wiring, token, "mint", [issuer.address, DEVELOPMENT_GUARANTEE, bankReference], issuer);
  }
  await wiring.call({
    contract: "settlementLedger",
    address,
    functionName: "fundGuarantee",
    args: [actors.operator, token, DEVELOPMENT_GUARANTEE],
    signer: issuer,
  });
}

async function callToken(
  wiring: Wiring,
  token: Hex,
  functionName: string,
  args: readonly unknown[],
  signer: Signer,
): Promise<void> {
  await wiring.call({ contract: "token", address: token, functionName, args, signer });
}

async function readEvents(
  { rpc, deployment }: { readonly rpc: JsonRpc; readonly deployment: Deployment },
  contract: ContractName,
  address: Hex,
  event: string,
  indexed: readonly (Hex | null)[] = [],
): Promise<{ readonly data: Hex }[]> {
  const topic = CONTRACT_ARTIFACTS[contract].abi.getEvent(event)?.topicHash;
  const fromBlock = toQuantity(deployment.block);
  return rpc.request("eth_getLogs", [{ address, topics: [topic, ...indexed], fromBlock, toBlock: "latest" }]);
}
