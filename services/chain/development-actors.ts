import type { NetworkActors } from "./deploy-options.ts";
import { DEVELOPMENT_THRESHOLD, developmentKeys } from "./development-keys.ts";
import { createLocalSigner } from "./signer.ts";
import { addressOfKey } from "./typed-data.ts";

/** The actors of a development network; throws `PublicKeyForbiddenError` on any other. */
export function developmentActors(chainId: number): NetworkActors {
  const keys = developmentKeys(chainId);
  const operator = addressOfKey(keys.operator);
  return {
    deployer: createLocalSigner(keys.deployer),
    registrar: createLocalSigner(keys.registrar),
    issuer: createLocalSigner(keys.issuer),
    operator,
    feeReceiver: operator,
    settler: addressOfKey(keys.settler),
    roleHolders: { seizure: addressOfKey(keys.deployer), guardian: addressOfKey(keys.guardian) },
    arbiters: keys.arbiters.map(addressOfKey),
    threshold: DEVELOPMENT_THRESHOLD,
  };
}
