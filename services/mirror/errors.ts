import type { Hex } from "../domain/order-terms.ts";
import { RetryableError } from "../platform/errors.ts";

/** Blocks that were reported final are gone. Nothing was changed: both branches need a human. */
export class FinalityViolationError extends Error {
  readonly ancestorNumber: number;
  readonly finalNumber: number;

  constructor(ancestorNumber: number, finalNumber: number) {
    super(`The chain left block ${ancestorNumber}, although ${finalNumber} was final.`);
    this.name = "FinalityViolationError";
    this.ancestorNumber = ancestorNumber;
    this.finalNumber = finalNumber;
  }
}

/** Another mirror of the same instance has taken the cursor over; this one must stop. */
export class MirrorSupersededError extends Error {
  readonly instanceId: number;

  constructor(instanceId: number) {
    super(`Another mirror has taken instance ${instanceId} over.`);
    this.name = "MirrorSupersededError";
    this.instanceId = instanceId;
  }
}

/** The chain shares no block with what is mirrored: it was reset. A new mirror makes a new instance. */
export class ChainReplacedError extends Error {
  readonly firstHash: Hex;

  constructor(firstHash: Hex) {
    super(`The chain does not have block ${firstHash}, from which it was mirrored.`);
    this.name = "ChainReplacedError";
    this.firstHash = firstHash;
  }
}

/** The node's answers did not fit together; a later reading may. */
export class InconsistentChainError extends RetryableError {
  constructor(reason: string) {
    super(`The node's answers do not fit together: ${reason}.`);
    this.name = "InconsistentChainError";
  }
}
