// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "./IAccounts.sol";
import {IDisputeLocks} from "./IDisputeLocks.sol";
import {IOrderEscrow} from "./IOrderEscrow.sol";
import {ISettlementCycles} from "./ISettlementCycles.sol";

/// @title The ledger that holds orders, balances and cycles of every operator of the network
interface ISettlementLedger is IAccounts, IOrderEscrow, IDisputeLocks, ISettlementCycles {}
