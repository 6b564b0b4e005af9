// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOrderEscrow} from "../interfaces/IOrderEscrow.sol";
import {BasisPoints} from "./BasisPoints.sol";

/// @notice `OrderTerms` as the words that came in the calldata, read without the decoder's check of their upper bits.
/// @dev Same members at the same places. The checks cost a third of an authorization's own work, and one is enough: a new
/// order has no `flaws`, or passes the decoder's checks, and every later call proves by the order's id that it brings the
/// same words.
struct TermsWords {
    uint256 payer;
    uint256 merchant;
    uint256 operator;
    uint256 token;
    uint256 amount;
    uint256 fixedFee;
    uint256 feeBps;
    uint256 feeReceiver;
    bytes32 splitsHash;
    uint256 authorizeBy;
    uint256 captureBy;
    uint256 reclaimFrom;
    uint256 refundBy;
    uint256 disputeWindow;
    uint256 defaultPayerBps;
    uint256 arbiterSetId;
    uint256 holdbackClass;
    uint256 deliveryKey;
    uint256 merchantMayCapture;
    bytes32 commitment;
    uint256 nonce;
}

using TermsWordsLibrary for TermsWords global;

/// @notice Checking and announcing of order terms.
library TermsWordsLibrary {
    /// @notice Zero if amount, limits, parties and moments can be accepted now, and no word of them has bits above its
    /// member's type. Operator, token and holdback class are left to what is stored under them. Money is held, and after
    /// that refundable or disputable, for at most `maxHold` seconds.
    /// What only the court and a delivery read is asked for as well, as nobody could dispute an order that they cannot read.
    /// @dev Without branches, which would cost more than the comparisons. Moments and shares are bounded by each other and
    /// by constants below what their types hold, so none of their upper bits goes unseen; sums cannot wrap unseen, as
    /// `captureBy` is below `reclaimFrom`, which is bounded.
    function flaws(TermsWords calldata terms, uint256 maxHold) internal view returns (uint256 bad) {
        uint256 captureBy = terms.captureBy;
        uint256 reclaimFrom = terms.reclaimFrom;
        uint256 refundBy = terms.refundBy;
        uint256 merchant = terms.merchant;
        uint256 payer = terms.payer;
        uint256 feeReceiver = terms.feeReceiver;
        uint256 feeBps = terms.feeBps;
        uint256 fixedFee = terms.fixedFee;
        uint256 authorizeBy = terms.authorizeBy;
        uint256 disputeWindow = terms.disputeWindow;
        uint256 defaultPayerBps = terms.defaultPayerBps;
        uint256 amount = terms.amount;
        uint256 arbiterSetId = terms.arbiterSetId;
        uint256 deliveryKey = terms.deliveryKey;
        uint256 merchantMayCapture = terms.merchantMayCapture;
        uint256 whole = BasisPoints.ONE;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            bad := or(lt(authorizeBy, timestamp()), lt(captureBy, authorizeBy))
            bad := or(bad, iszero(gt(reclaimFrom, captureBy)))
            bad := or(bad, gt(reclaimFrom, add(timestamp(), maxHold)))
            bad := or(bad, lt(refundBy, captureBy))
            bad := or(bad, gt(refundBy, add(captureBy, maxHold)))
            bad := or(bad, gt(disputeWindow, maxHold))
            bad := or(bad, or(gt(feeBps, whole), gt(defaultPayerBps, whole)))
            bad := or(bad, or(iszero(amount), shr(80, or(amount, fixedFee))))
            bad := or(bad, mul(iszero(feeReceiver), or(feeBps, fixedFee)))
            bad := or(bad, or(eq(payer, merchant), iszero(merchant)))
            bad := or(bad, shr(160, or(or(payer, merchant), or(feeReceiver, deliveryKey))))
            bad := or(bad, or(shr(32, arbiterSetId), shr(1, merchantMayCapture)))
        }
    }

    /// @notice Emits `IOrderEscrow.OrderAuthorized` for terms whose words were checked.
    /// @dev The compiler's encoder takes each of the ten values from the stack; here operator, token and amount are copied
    /// in one piece as they lie in the calldata, then the two fees.
    function emitAuthorized(TermsWords calldata terms, bytes32 orderId, uint256 orderWord, uint256 payerWord) internal {
        bytes32 topic = IOrderEscrow.OrderAuthorized.selector;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, add(terms, 0x40), 0x60)
            mstore(add(free, 0x60), calldataload(add(terms, 0xc0)))
            mstore(add(free, 0x80), calldataload(add(terms, 0xa0)))
            mstore(add(free, 0xa0), orderWord)
            mstore(add(free, 0xc0), payerWord)
            log4(free, 0xe0, topic, orderId, calldataload(add(terms, 0x20)), calldataload(terms))
        }
    }
}
