import type { ChainEventName } from "../../chain/events.ts";
import { createAccountProjection } from "./account.ts";
import { bookProjection } from "./book.ts";
import { canceledOrderProjection } from "./canceled-order.ts";
import { chainParticipantProjection } from "./chain-participant.ts";
import { disputeProjection } from "./dispute.ts";
import { escrowOrderProjection } from "./escrow-order.ts";
import { createMovementProjection } from "./movement.ts";
import { payoutProjection } from "./payout.ts";
import { seizureProjection } from "./seizure.ts";
import { createStatementProjection, settlementCycleProjection } from "./settlement-cycle.ts";
import { unpaidAwardProjection } from "./unpaid-award.ts";

/** Every event that some table follows. */
export const PROJECTED_EVENTS: ReadonlySet<ChainEventName> = new Set(
  [
    escrowOrderProjection,
    canceledOrderProjection,
    createAccountProjection(() => undefined),
    bookProjection,
    disputeProjection,
    unpaidAwardProjection,
    createMovementProjection(),
    settlementCycleProjection,
    createStatementProjection(() => {
      throw new Error("Nothing is folded here.");
    }),
    payoutProjection,
    chainParticipantProjection,
    seizureProjection,
  ].flatMap(({ events }) => events),
);

/** Every event that no table follows, and why; chain_log has them all the same. */
export const UNPROJECTED_EVENTS = {
  OrderSkipped: "the relayer reads why an item was refused out of the receipt",
  AuthoritySynced: "keys are no money, and the contracts are asked who may act",
  AuthorityUpdated: "the access manager is fixed at deployment",
  CourtSet: "a dispute's court is told apart by the lock alone, and one court is mirrored",
  HoldbackClassSet: "what a class withholds is in every `ReserveWithheld`",
  CollectorSet: "who collected an order is in its `OrderCollected`",
  RegionsPaused: "a stop shows as refusals; whoever must know asks the ledger",
  OperatorAccepted: "scopes are in the words that `AccountSynced` carries",
  StatutoryAccountSet: "every `AccountSeized` names the account it went to",
  LedgerSet: "wiring of the deployment",
  TokenAdded: "wiring of the deployment",
  PolicySet: "a dispute's deadlines are in its own events",
  ArbiterSetDefined: "panels are no state of a dispute; votes are checked by the court",
  Frozen: "tokens outside of vaults are the token's own affair",
  ForcedTransfer: "tokens outside of vaults are the token's own affair",
  Minted: "tokens outside of vaults are the token's own affair",
  Burned: "tokens outside of vaults are the token's own affair",
} as const satisfies { readonly [Name in ChainEventName]?: string };
