/** As in contracts/access/NetworkRoles.sol. */
export const ROLES = {
  registrar: 1n,
  compliance: 2n,
  issuer: 3n,
  settler: 4n,
  arbiterAdmin: 5n,
  guardian: 6n,
  complianceRelease: 7n,
  seizure: 8n,
  treasurer: 9n,
  risk: 10n,
} as const;

/** OpenZeppelin's AccessManager has it built in. */
export const ADMIN_ROLE = 0n;

export type RoleName = keyof typeof ROLES;

const DAY_SECONDS = 86_400;

/** Seconds between asking for a change as admin and making it, once the deployer has handed the network over. */
export const ADMIN_DELAY_SECONDS = 7 * DAY_SECONDS;

/** Seconds for which a call of these roles is announced before it can be made; none on development networks. */
export const EXECUTION_DELAYS: Readonly<Partial<Record<RoleName, number>>> = {
  arbiterAdmin: 3 * DAY_SECONDS,
  complianceRelease: DAY_SECONDS,
  seizure: 3 * DAY_SECONDS,
};

/** Who, beside the admin, may take back what a delayed role has announced. */
export const CANCELED_BY = [
  { role: ROLES.arbiterAdmin, guardian: ROLES.guardian },
  { role: ROLES.seizure, guardian: ROLES.guardian },
  { role: ROLES.complianceRelease, guardian: ROLES.compliance },
] as const;

/** Which functions need which role; everything else that is restricted is the admin's. */
export const FUNCTION_ROLES = [
  {
    contract: "participantRegistry",
    functions: ["register", "registerBatch", "setKyc", "startClosingFor", "cancelPayoutAddressFor"],
    role: ROLES.registrar,
  },
  { contract: "participantRegistry", functions: ["restrict", "freeze"], role: ROLES.compliance },
  { contract: "participantRegistry", functions: ["reactivate"], role: ROLES.complianceRelease },
  { contract: "token", functions: ["mint", "mintBatch", "burn"], role: ROLES.issuer },
  { contract: "token", functions: ["setFrozenTokens"], role: ROLES.compliance },
  { contract: "token", functions: ["forcedTransfer"], role: ROLES.seizure },
  { contract: "settlementLedger", functions: ["proposeSeizure", "cancelSeizure"], role: ROLES.compliance },
  { contract: "settlementLedger", functions: ["executeSeizure"], role: ROLES.seizure },
  { contract: "settlementLedger", functions: ["setAdvanceLimit"], role: ROLES.treasurer },
  { contract: "settlementLedger", functions: ["setHoldbackClass"], role: ROLES.risk },
  { contract: "settlementLedger", functions: ["pause"], role: ROLES.guardian },
  { contract: "disputeCourt", functions: ["setPolicy", "defineArbiterSet"], role: ROLES.arbiterAdmin },
] as const;
