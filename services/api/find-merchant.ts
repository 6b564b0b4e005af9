import { DomainError } from "../domain/errors.ts";
import type { Hex } from "../domain/order-terms.ts";
import { findParticipantsByName } from "../store/participant-store.ts";
import type { Store } from "../store/store.ts";

/** A merchant's address; it is asked for by name or by address. Throws `participant_unknown`. */
export async function findMerchant(store: Store, instanceId: number, nameOrAddress: string): Promise<Hex> {
  const named = await findParticipantsByName(store.db, instanceId, [nameOrAddress]);
  const found = named.find((participant) => participant.kind === "merchant")?.address;
  if (found !== undefined) return found;
  if (/^0x[0-9a-f]{40}$/.test(nameOrAddress)) return nameOrAddress as Hex;
  throw new DomainError("participant_unknown", "There is no merchant of this name.", { name: nameOrAddress });
}
