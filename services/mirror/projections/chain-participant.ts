import { nameAt } from "../../chain/words.ts";
import { PARTICIPANT_KINDS, PARTICIPANT_STATUSES } from "../../domain/operation.ts";
import { type Projection, UnknownSubjectError } from "./projection.ts";

const NO_ADDRESS = `0x${"0".repeat(40)}`;

/** Who is registered on the chain, as what, and where they are paid. */
export const chainParticipantProjection: Projection<"chain_participant"> = {
  table: "chain_participant",
  events: ["ParticipantRegistered", "ParticipantStatusChanged"],
  keysOf: (event) => (event.name === "ParticipantStatusChanged" ? [{ address: event.args.account }] : []),
  apply(event, rows) {
    const place = { block_number: event.log.blockNumber, log_index: event.log.logIndex };
    if (event.name === "ParticipantRegistered") {
      const { account, kind, kycUntil, payoutAddress } = event.args;
      rows.put({
        address: account,
        // The first member of the Solidity enum means none.
        kind: nameAt(PARTICIPANT_KINDS, kind - 1),
        status: "active",
        kyc_until: kycUntil,
        payout_address: payoutAddress === NO_ADDRESS ? account : payoutAddress,
        ...place,
      });
    }
    if (event.name === "ParticipantStatusChanged") {
      const before = rows.get({ address: event.args.account });
      if (before === undefined) throw new UnknownSubjectError("participant", event.args.account);
      rows.put({ ...before, status: nameAt(PARTICIPANT_STATUSES, event.args.status), ...place });
    }
  },
};
