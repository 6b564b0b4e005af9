import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Chain, connectChain } from "../../services/chain/chain.ts";
import { deployNetwork } from "../../services/chain/deploy-network.ts";
import { developmentActors } from "../../services/chain/development-actors.ts";
import {
  createDevelopmentSigner,
  developmentKeys,
  developmentParticipantKey,
  type NamedKind,
} from "../../services/chain/development-keys.ts";
import { createJsonRpc } from "../../services/chain/json-rpc.ts";
import { type LocalNode, startLocalNode } from "../../services/chain/local-node.ts";
import { createLocalSigner } from "../../services/chain/signer.ts";
import type { Hex } from "../../services/domain/order-terms.ts";
import { createSystemClock } from "../../services/platform/clock.ts";
import { createLogger } from "../../services/platform/logger.ts";
import type { RelayerSigners } from "../../services/relayer/relayer-context.ts";

/** A real local chain with the whole network deployed in one currency. */
export type LocalNetwork = {
  readonly node: LocalNode;
  readonly chain: Chain;
  /** The token of the currency BRL. */
  readonly token: Hex;
  readonly signers: RelayerSigners;
  /** Signs for participants by name. */
  readonly participants: ReturnType<typeof createDevelopmentSigner>;
  /** A participant's private key. */
  keyOf(kind: NamedKind, name: string): Hex;
  /** Stops the chain and removes what it wrote. */
  stop(): Promise<void>;
};

/** Starts a chain and deploys the network; disputes have windows of an hour. */
export async function startLocalNetwork(
  options: { readonly engine?: "anvil" | "hardhat" } = {},
): Promise<LocalNetwork> {
  const clock = createSystemClock();
  const logger = createLogger({ level: "silent", role: "test" });
  const directory = await mkdtemp(join(tmpdir(), "rialto-network-"));
  const node = await startLocalNode({ ...options, clock, logger });
  try {
    const rpc = createJsonRpc({ url: node.rpcUrl });
    const chainId = 31337;
    await deployNetwork({
      rpc,
      clock,
      actors: developmentActors(chainId),
      currencies: ["BRL"],
      directory,
      policy: {
        respondWindow: 3_600,
        ruleWindow: 3_600,
        appealWindow: 0,
        appealRuleWindow: 0,
        hardStop: 86_400,
        openBondBps: 0,
        appealBondBps: 0,
        evidenceCap: 4,
      },
    });
    const chain = await connectChain({ rpcUrl: node.rpcUrl, deploymentsDirectory: directory });
    const { settlementLedger, participantRegistry, disputeCourt } = chain.deployment.contracts;
    const keys = developmentKeys(chainId);
    return {
      node,
      chain,
      token: chain.deployment.tokens.BRL?.address ?? "0x",
      signers: {
        registrar: createLocalSigner(keys.registrar),
        issuer: createLocalSigner(keys.issuer),
        operator: createLocalSigner(keys.operator),
        settler: createLocalSigner(keys.settler),
        guardian: createLocalSigner(keys.guardian),
        admin: createLocalSigner(keys.deployer),
      },
      participants: createDevelopmentSigner({
        chainId,
        ledger: settlementLedger.address,
        registry: participantRegistry.address,
        court: disputeCourt.address,
      }),
      keyOf: (kind, name) => developmentParticipantKey(chainId, kind, name),
      async stop() {
        await node.stop();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await node.stop();
    throw error;
  }
}
