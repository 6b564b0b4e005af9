import type { Hex } from "../../domain/order-terms.ts";
import type { InstanceCursor } from "../../store/instance-read-model.ts";

/** Where on the chain an object was last changed, and whether a reorganization may still undo that. */
export type Finality = {
  readonly state: "included" | "finalized";
  readonly blockNumber: number;
  readonly blockHash: Hex;
  readonly txHash: Hex;
  readonly logIndex: number;
};

type Place = {
  readonly block_number: number;
  readonly block_hash: Hex;
  readonly tx_hash: Hex;
  readonly log_index: number;
};

export function finalityOf(place: Place, cursor: InstanceCursor | undefined): Finality {
  return {
    state: place.block_number <= (cursor?.finalNumber ?? -1) ? "finalized" : "included",
    blockNumber: place.block_number,
    blockHash: place.block_hash,
    txHash: place.tx_hash,
    logIndex: place.log_index,
  };
}
