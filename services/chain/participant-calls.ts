import { ZeroHash } from "ethers";
import { PARTICIPANT_KINDS } from "../domain/operation.ts";
import { encodeCall } from "./abi.ts";
import { type OperationCalls, single, together, toRegistry } from "./operation-call.ts";

type ParticipantKinds =
  | "register"
  | "accept-operator"
  | "set-kyc"
  | "restrict"
  | "freeze"
  | "reactivate"
  | "start-closing"
  | "close-account"
  | "recover"
  | "request-payout-address"
  | "confirm-payout-address"
  | "cancel-payout-address";

/** Every book and token that knows an account is told of its standing in the same call, however many there are. */
const STANDING_GAS = 8_000_000;

/** Two accounts change their standing. */
const RECOVERY_GAS = 15_000_000;

/** The calls of the registry. */
export const PARTICIPANT_CALLS: OperationCalls<ParticipantKinds> = {
  register: {
    lane: "registrar",
    maxItems: 100,
    gasPerItem: 110_000,
    groupOf: together,
    to: toRegistry,
    encode: (payloads) =>
      encodeCall("participantRegistry", "registerBatch", [
        payloads.map((payload) => ({
          account: payload.address,
          kind: PARTICIPANT_KINDS.indexOf(payload.participantKind) + 1,
          kycLevel: payload.kycLevel,
          kycUntil: payload.kycUntil,
          payoutAddress: payload.payoutAddress,
          termsHash: ZeroHash,
        })),
      ]),
  },
  "accept-operator": {
    lane: "registrar",
    maxItems: 50,
    gasPerItem: 300_000,
    groupOf: together,
    to: toRegistry,
    encode: (payloads) =>
      encodeCall("participantRegistry", "acceptOperatorBatch", [
        payloads,
        payloads.map((payload) => payload.signature),
      ]),
  },
  "set-kyc": single("registrar", STANDING_GAS, toRegistry, ({ account, kycLevel, kycUntil }) =>
    encodeCall("participantRegistry", "setKyc", [account, kycLevel, kycUntil]),
  ),
  restrict: single("registrar", STANDING_GAS, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "restrict", [[account]]),
  ),
  freeze: single("registrar", STANDING_GAS, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "freeze", [[account]]),
  ),
  reactivate: single("registrar", STANDING_GAS, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "reactivate", [[account]]),
  ),
  "start-closing": single("registrar", STANDING_GAS, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "startClosingFor", [[account]]),
  ),
  "close-account": single("registrar", STANDING_GAS, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "close", [account]),
  ),
  recover: single("admin", RECOVERY_GAS, toRegistry, ({ account, successor, caseReference }) =>
    encodeCall("participantRegistry", "recover", [account, successor, caseReference]),
  ),
  "request-payout-address": single(
    "registrar",
    200_000,
    toRegistry,
    ({ account, payoutAddress, deadline, signature }) =>
      encodeCall("participantRegistry", "requestPayoutAddressFor", [
        account,
        payoutAddress,
        deadline,
        signature,
      ]),
  ),
  "confirm-payout-address": single("registrar", 150_000, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "confirmPayoutAddress", [account]),
  ),
  "cancel-payout-address": single("registrar", 150_000, toRegistry, ({ account }) =>
    encodeCall("participantRegistry", "cancelPayoutAddressFor", [account]),
  ),
};
