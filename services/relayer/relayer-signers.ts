import type { Chain } from "../chain/chain.ts";
import { developmentKeys } from "../chain/development-keys.ts";
import { LANES, type Lane } from "../chain/operation-call.ts";
import { createLocalSigner, type Signer } from "../chain/signer.ts";
import { type Config, requireSetting } from "../platform/config.ts";
import type { RelayerSigners } from "./relayer-context.ts";

/**
 * The lanes' signers from the configured keys; on a development network a key that is not configured is derived.
 *
 * @throws ConfigError naming the first key that is missing elsewhere.
 */
export function relayerSigners(
  config: Config,
  chain: Pick<Chain, "chainId" | "isDevelopment">,
): RelayerSigners {
  const derived = chain.isDevelopment ? developmentKeys(chain.chainId) : undefined;
  const signers = LANES.map((lane): [Lane, Signer] => {
    const key = requireSetting(config.keys[lane] ?? derived?.[lane], `RIALTO_${lane.toUpperCase()}_KEY`);
    return [lane, createLocalSigner(key)];
  });
  const guardian = config.keys.guardian ?? derived?.guardian;
  // Outside of development networks the admin's key has no place in a process that answers requests.
  const admin = derived?.deployer;
  const optional = { ...(guardian && { guardian }), ...(admin && { admin }) };
  return {
    // Safe: one entry for every lane that must be there.
    ...(Object.fromEntries(signers) as RelayerSigners),
    ...Object.fromEntries(Object.entries(optional).map(([lane, key]) => [lane, createLocalSigner(key)])),
  };
}
