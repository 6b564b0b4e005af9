// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeLocks} from "../interfaces/IDisputeLocks.sol";
import {IObligations} from "../interfaces/IObligations.sol";
import {IOrderConsents} from "../interfaces/IOrderConsents.sol";
import {ISettlementCycles} from "../interfaces/ISettlementCycles.sol";
import {Books} from "./Books.sol";
import {Deposits} from "./Deposits.sol";
import {OrderEscrow} from "./OrderEscrow.sol";

/// @title The ledger that holds orders, balances and cycles of every operator of the network
/// @notice `ISettlementLedger` is what can be called here. EIP-170 leaves one contract too little room for it: the verbs
/// that every order passes are in this code, the others in three parts that it runs as its own.
/// @dev The parts are fixed for ever at construction. They use this contract's storage only, by delegatecall.
contract SettlementLedger is OrderEscrow, Deposits {
    address private immutable SETTLEMENT_PART;
    address private immutable CONSENT_PART;
    address private immutable ADMINISTRATION_PART;

    constructor(
        address authority,
        address registry,
        address settlementPart,
        address consentPart,
        address administrationPart
    ) Books(authority, registry) {
        SETTLEMENT_PART = settlementPart;
        CONSENT_PART = consentPart;
        ADMINISTRATION_PART = administrationPart;
    }

    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        address part = _partOf(msg.sig);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let isDone := delegatecall(gas(), part, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if isDone {
                return(free, returndatasize())
            }
            revert(free, returndatasize())
        }
    }

    function _partOf(bytes4 selector) private view returns (address) {
        if (
            selector == IDisputeLocks.lockDispute.selector ||
            selector == ISettlementCycles.closeCycle.selector ||
            selector == ISettlementCycles.payout.selector ||
            selector == ISettlementCycles.publishStatements.selector ||
            selector == ISettlementCycles.cycleOf.selector ||
            selector == IDisputeLocks.addBond.selector ||
            selector == IDisputeLocks.payBond.selector ||
            selector == IDisputeLocks.payDispute.selector ||
            selector == IDisputeLocks.lockOf.selector ||
            selector == IDisputeLocks.bondOf.selector ||
            selector == IDisputeLocks.shiftOf.selector ||
            selector == IObligations.releaseReserve.selector ||
            selector == IObligations.meetObligations.selector ||
            selector == IObligations.reserveOf.selector ||
            selector == IObligations.unpaidAwardsOf.selector
        ) return SETTLEMENT_PART;
        if (
            selector == IOrderConsents.extend.selector ||
            selector == IOrderConsents.cancel.selector ||
            selector == IOrderConsents.refundWithConsent.selector ||
            selector == IOrderConsents.captureDelivered.selector ||
            selector == IOrderConsents.authorizeThrough.selector ||
            selector == IOrderConsents.authorizeWithSplits.selector ||
            selector == IOrderConsents.captureWithSplits.selector ||
            selector == IOrderConsents.refundWithSplits.selector
        ) return CONSENT_PART;
        return ADMINISTRATION_PART;
    }
}
