// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccounts} from "./IAccounts.sol";
import {IDisputeLocks} from "./IDisputeLocks.sol";
import {ILedgerAdministration} from "./ILedgerAdministration.sol";
import {IObligations} from "./IObligations.sol";
import {IOrderConsents} from "./IOrderConsents.sol";
import {IOrderEscrow} from "./IOrderEscrow.sol";
import {ISettlementCycles} from "./ISettlementCycles.sol";

/// @title The ledger that holds orders, balances and cycles of every operator of the network
/// @notice All of this is called at the one address of `SettlementLedger`.
interface ISettlementLedger is
    IAccessManaged,
    IAccounts,
    IOrderEscrow,
    IOrderConsents,
    IObligations,
    IDisputeLocks,
    ISettlementCycles,
    ILedgerAdministration
{}
