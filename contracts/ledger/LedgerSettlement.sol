// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Books} from "./Books.sol";
import {DisputeLocks} from "./DisputeLocks.sol";
import {SettlementCycles} from "./SettlementCycles.sol";

/// @title Cycles, payouts and disputes
/// @dev A part of `SettlementLedger`: it runs on the ledger's storage only.
contract LedgerSettlement is DisputeLocks, SettlementCycles {
    constructor(address authority, address registry) Books(authority, registry) {}
}
