import type { Hex } from "../domain/order-terms.ts";
import type { Clock } from "../platform/clock.ts";
import type { DeployStep } from "./deployer.ts";
import type { JsonRpc } from "./json-rpc.ts";
import type { Signer } from "./signer.ts";

/** Roles whose holders a deployment can name. */
export const GRANTABLE_ROLES = [
  "admin",
  "compliance",
  "complianceRelease",
  "seizure",
  "arbiterAdmin",
  "treasurer",
  "risk",
  "guardian",
] as const;

/**
 * Without an entry the registrar is compliance and lifts freezes, the deployer is treasurer and sets the rules of risk and
 * arbiters, and nobody seizes or guards. With an `admin` the deployer hands the network over to it at the end; without one
 * it stays the admin, without delay.
 */
export type RoleHolders = Readonly<Partial<Record<(typeof GRANTABLE_ROLES)[number], Hex>>>;

/** Who does what in the network; addresses where no signature is needed for deploying. */
export type NetworkActors = {
  /** Creates the contracts and is the first admin. */
  readonly deployer: Signer;
  readonly registrar: Signer;
  readonly issuer: Signer;
  readonly operator: Hex;
  readonly feeReceiver: Hex;
  readonly settler: Hex;
  readonly roleHolders: RoleHolders;
  /** Members of arbiter set 1, of whom `threshold` decide. */
  readonly arbiters: readonly Hex[];
  readonly threshold: number;
};

/** The court's windows and hard stop in seconds, bonds in basis points; without an appeal window nobody appeals. */
export type CourtPolicy = {
  readonly respondWindow: number;
  readonly ruleWindow: number;
  readonly appealWindow: number;
  readonly appealRuleWindow: number;
  readonly hardStop: number;
  readonly openBondBps: number;
  readonly appealBondBps: number;
  readonly evidenceCap: number;
};

export type DeployOptions = {
  readonly rpc: JsonRpc;
  readonly clock: Clock;
  readonly actors: NetworkActors;
  /** ISO 4217 codes; each gets a token and a book. */
  readonly currencies: readonly string[];
  /** Where deployment records are kept. */
  readonly directory: string;
  readonly policy: CourtPolicy;
  /** Told before each transaction. */
  readonly onStep?: (step: DeployStep) => void;
};
