// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ISettlementLedger} from "../interfaces/ISettlementLedger.sol";
import {Accounts} from "./Accounts.sol";
import {DisputeLocks} from "./DisputeLocks.sol";
import {SettlementCycles} from "./SettlementCycles.sol";

/// @title The ledger that holds orders, balances and cycles of every operator of the network
/// @dev The deployed composition of the four layers; it has no state or rule of its own.
contract SettlementLedger is DisputeLocks, SettlementCycles, ISettlementLedger {
    constructor(address authority, address registry) Accounts(authority, registry) EIP712("Rialto", "1") {}
}
