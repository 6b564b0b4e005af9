import { formatSerialId } from "../../platform/ids.ts";
import type { ParticipantRow } from "../../store/participant-read-model.ts";

/** A participant. Until it is on the chain its status is `none`. */
export type ParticipantResponse = {
  readonly object: "participant";
  /** The address. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly address: string;
  readonly status: string;
  /** Unix seconds. */
  readonly kycUntil: number | null;
  readonly payoutAddress: string | null;
  readonly operation: string;
  readonly createdAt: string;
};

export function participantResponse(row: ParticipantRow): ParticipantResponse {
  return {
    object: "participant",
    id: row.address,
    kind: row.kind,
    name: row.name,
    address: row.address,
    status: row.status ?? "none",
    kycUntil: row.kyc_until,
    payoutAddress: row.payout_address,
    operation: formatSerialId("out", row.entry_id),
    createdAt: row.created_at.toISOString(),
  };
}
