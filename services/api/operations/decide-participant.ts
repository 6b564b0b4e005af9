import { recoverAcceptanceSigner, registryDomain } from "../../chain/acceptance-signing.ts";
import { DomainError } from "../../domain/errors.ts";
import type { ParticipantKind } from "../../domain/operation.ts";
import type { Hex } from "../../domain/order-terms.ts";
import type { Participant } from "../../domain/participant.ts";
import { tokenOf } from "../api-chain.ts";
import type { RequestOf } from "../schemas/operation-request.ts";
import { type Decision, queue, replay } from "./decision.ts";
import { type DecisionContext, type EntryRef, type KnownParticipant, pairKey } from "./decision-context.ts";

const KYC_LEVEL = 1;

/** The last moment that the registry can store: due diligence is not limited here yet. */
const KYC_UNTIL = 2 ** 40 - 1;

/** The registry takes it for the account itself. */
const NO_ADDRESS: Hex = `0x${"0".repeat(40)}`;

export function decideRegister(request: RequestOf<"register">, context: DecisionContext): Decision {
  const { participantKind: kind, name, address } = request;
  const named = standing(context.participantsByName.get(pairKey(kind, name)));
  if (named?.address === address) return replay(named.entry);
  const participant = { kind, name, address };
  requireFree(participant, context);

  const payoutAddress = request.payoutAddress ?? NO_ADDRESS;
  const payload = { address, participantKind: kind, kycLevel: KYC_LEVEL, kycUntil: KYC_UNTIL, payoutAddress };
  return queue(
    { kind: "register", payload },
    { record: (entry) => rememberParticipant(participant, entry, context) },
  );
}

/** Throws `participant_exists` if name or address are somebody's already. */
export function requireFree({ kind, name, address }: Participant, context: DecisionContext): void {
  if (standing(context.participantsByName.get(pairKey(kind, name))) !== undefined) throw registered("name");
  const isTaken = standing(context.participantsByAddress.get(address)) !== undefined;
  if (isTaken || context.statuses.has(address)) throw registered("address");
}

/** Knows a participant by name from now on, unless the entry that registers it fails. */
export function rememberParticipant(
  participant: Participant,
  entry: EntryRef,
  { participantsByName, participantsByAddress, changes, accepted }: DecisionContext,
): void {
  const known: KnownParticipant = { ...participant, entry, hasFailed: false };
  changes.set(participantsByName, pairKey(known.kind, known.name), known);
  changes.set(participantsByAddress, known.address, known);
  changes.push(accepted.participants, known);
}

export function decideAcceptOperator(
  request: RequestOf<"accept-operator">,
  context: DecisionContext,
): Decision {
  const { network } = context;
  const { participantKind = "merchant" } = request;
  const merchant = activeParticipant(context, participantKind, request.merchant).address;
  const { operator, scopes, issuedAt, signature } = request;
  const domain = registryDomain(network.chainId, network.registry);
  const signer = recoverAcceptanceSigner({ merchant, operator, scopes, issuedAt }, domain, signature);
  if (signer !== merchant) {
    throw new DomainError("signature_invalid", "The payee did not sign this acceptance.", { merchant });
  }
  return queue({ kind: "accept-operator", payload: { merchant, operator, scopes, issuedAt, signature } });
}

export function decideMint(request: RequestOf<"mint">, context: DecisionContext): Decision {
  const token = requireToken(context, request.currency);
  const { issuer } = context.network;
  if (issuer === undefined) throw new DomainError("forbidden", "This process does not know the issuer.");
  const { amount, bankReference } = request;
  return queue({ kind: "mint", payload: { token, to: issuer, amount: amount.toString(), bankReference } });
}

export function decideDeposit(request: RequestOf<"deposit">, context: DecisionContext): Decision {
  const token = requireToken(context, request.currency);
  requireRegistered(context, request.account);
  const { operator } = context.network;
  const { account, amount } = request;
  return queue({ kind: "deposit", payload: { operator, token, account, amount: amount.toString() } });
}

/** The participant of a name; throws `participant_unknown`, or `participant_not_active` if the mirror says so. */
export function activeParticipant(
  context: DecisionContext,
  kind: ParticipantKind,
  name: string,
): KnownParticipant {
  const participant = standing(context.participantsByName.get(pairKey(kind, name)));
  if (participant === undefined) {
    throw new DomainError("participant_unknown", `There is no ${kind} of this name.`, { kind, name });
  }
  // A registration that the mirror has not seen yet makes the participant active.
  const status = context.statuses.get(participant.address) ?? "active";
  if (status !== "active") {
    throw new DomainError("participant_not_active", `The ${kind} is ${status}.`, {
      kind,
      name,
      participantStatus: status,
    });
  }
  return participant;
}

/** The token of a currency; throws `currency_unknown`. */
export function requireToken(context: DecisionContext, currency: string): Hex {
  const token = tokenOf(context.network, currency);
  if (token !== undefined) return token;
  throw new DomainError("currency_unknown", "The network has no token of this currency.", { currency });
}

/** Throws `participant_unknown` if nobody with this address is registered, or about to be. */
export function requireRegistered(context: DecisionContext, account: Hex): void {
  if (context.statuses.has(account)) return;
  if (standing(context.participantsByAddress.get(account)) !== undefined) return;
  throw new DomainError("participant_unknown", "No participant has this address.", { account });
}

/** A participant whose registration has not failed. */
function standing(participant: KnownParticipant | undefined): KnownParticipant | undefined {
  return participant?.hasFailed === false ? participant : undefined;
}

function registered(field: "name" | "address"): DomainError {
  return new DomainError("participant_exists", `The ${field} is registered already.`, { field });
}
