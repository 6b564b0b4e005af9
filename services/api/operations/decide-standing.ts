import { seizureIdOf } from "../../chain/seizure-id.ts";
import { DomainError } from "../../domain/errors.ts";
import type { Operation } from "../../domain/operation.ts";
import type { Hex } from "../../domain/order-terms.ts";
import { formatSerialId } from "../../platform/ids.ts";
import type { RequestOf } from "../schemas/operation-request.ts";
import { rememberParticipant, requireFree, requireRegistered, requireToken } from "./decide-participant.ts";
import { type Decision, queue } from "./decision.ts";
import type { DecisionContext } from "./decision-context.ts";

type StandingKind =
  | "restrict"
  | "freeze"
  | "reactivate"
  | "start-closing"
  | "close-account"
  | "confirm-payout-address"
  | "cancel-payout-address";

/** Which statuses may follow one another is the registry's to say: what is mirrored may be older than it. */
export function decideStanding(
  { kind, account }: RequestOf<StandingKind>,
  context: DecisionContext,
): Decision {
  requireRegistered(context, account);
  return queue({ kind, payload: { account } });
}

export function decideSetKyc(request: RequestOf<"set-kyc">, context: DecisionContext): Decision {
  const { kind, account, kycLevel, kycUntil } = request;
  requireRegistered(context, account);
  return queue({ kind, payload: { account, kycLevel, kycUntil } });
}

/** The successor is known under a name of its own from then on, as the old one keeps its name. */
export function decideRecover(request: RequestOf<"recover">, context: DecisionContext): Decision {
  const { account, successor, name, caseReference } = request;
  requireRegistered(context, account);
  const old = context.participantsByAddress.get(account);
  if (old === undefined) {
    throw new DomainError("participant_unknown", "No participant of this address has a name here.", {
      account,
    });
  }
  const participant = { kind: old.kind, name, address: successor };
  requireFree(participant, context);
  return queue(
    { kind: "recover", payload: { account, successor, caseReference } },
    { record: (entry) => rememberParticipant(participant, entry, context) },
  );
}

/** The signature is not looked at here: it is on a nonce that only the registry knows. */
export function decidePayoutAddress(
  request: RequestOf<"request-payout-address">,
  context: DecisionContext,
): Decision {
  const { kind, account, payoutAddress, deadline, signature } = request;
  requireRegistered(context, account);
  if (context.now > deadline) {
    const moments = { field: "deadline", deadline, now: context.now };
    throw new DomainError("order_expired", "The time for this has passed.", moments);
  }
  return queue({ kind, payload: { account, payoutAddress, deadline, signature } });
}

/** Anyone may have an account release what has matured, pay what it owes, or hand over to its successor. */
export function decideAccount(
  { kind, account, currency }: RequestOf<"open-account" | "release-reserve" | "meet-obligations" | "rebind">,
  context: DecisionContext,
): Decision {
  const token = requireToken(context, currency);
  requireRegistered(context, account);
  const { operator } = context.network;
  return queue({ kind, payload: { operator, token, account } });
}

export function decideProposeSeizure(
  request: RequestOf<"propose-seizure">,
  context: DecisionContext,
): Decision {
  const { kind, account, currency, amount, courtReference } = request;
  const token = requireToken(context, currency);
  requireRegistered(context, account);
  const { operator } = context.network;
  const payload = { operator, token, account, amount: amount.toString(), courtReference };
  return queue({ kind, payload });
}

/** A seizure by its id on the chain, or by the operation that proposed it. */
export function decideSeizure(
  { kind, seizure }: RequestOf<"cancel-seizure" | "execute-seizure">,
  context: DecisionContext,
): Decision {
  return queue({
    kind,
    payload: { seizureId: typeof seizure === "string" ? seizure : proposedBy(seizure, context) },
  });
}

function proposedBy(entryId: number, { proposals }: DecisionContext): Hex {
  const proposal = proposals.get(entryId);
  if (proposal !== undefined) return seizureIdOf(proposal.payload, proposal.blockNumber);
  throw new DomainError("seizure_unknown", "No operation with this id has proposed a seizure.", {
    seizure: formatSerialId("out", entryId),
  });
}

export function decideRegions({ kind, regions }: RequestOf<"pause" | "unpause">): Decision {
  return queue({ kind, payload: { regions: [...new Set(regions)] } });
}

/** Whoever closes cycles need not know that a root is published over them. */
export function decideCloseCycle(): Decision {
  const followedBy: Operation = { kind: "publish-statements", payload: {} };
  return queue({ kind: "close-cycle", payload: {} }, { followedBy });
}

export function decideSettlement({ kind }: RequestOf<"publish-statements" | "payout">): Decision {
  return queue({ kind, payload: {} } as Operation);
}
