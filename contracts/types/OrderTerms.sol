// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {TermsWords} from "./TermsWords.sol";

/// @notice What a payer signs for one order. The EIP-712 digest of these terms is the order's id, so no party,
/// limit or moment in them can be altered afterwards.
/// @dev Times are Unix seconds. `authorizeBy <= captureBy < reclaimFrom` and `captureBy <= refundBy`.
/// Amounts are token base units of at most 80 bits; larger ones are refused, never truncated.
struct OrderTerms {
    address payer;
    address merchant;
    address operator;
    address token;
    uint256 amount;
    uint256 fixedFee;
    uint16 feeBps;
    address feeReceiver;
    bytes32 splitsHash;
    uint40 authorizeBy;
    uint40 captureBy;
    uint40 reclaimFrom;
    uint40 refundBy;
    uint32 disputeWindow;
    uint16 defaultPayerBps;
    uint32 arbiterSetId;
    uint8 holdbackClass;
    address deliveryKey;
    bool merchantMayCapture;
    bytes32 commitment;
    uint256 nonce;
}

/// @notice Hashing of order terms as EIP-712 structs, and reading of them.
library OrderTermsHash {
    /// @dev 21 members of one word each.
    uint256 private constant ENCODED_SIZE = 672;

    /// @dev Source: EIP-712, `encodeType` of the struct above under the name `Order`.
    bytes32 internal constant ORDER_TYPEHASH = keccak256(
        "Order(address payer,address merchant,address operator,address token,uint256 amount,uint256 fixedFee,"
        "uint16 feeBps,address feeReceiver,bytes32 splitsHash,uint40 authorizeBy,uint40 captureBy,uint40 reclaimFrom,"
        "uint40 refundBy,uint32 disputeWindow,uint16 defaultPayerBps,uint32 arbiterSetId,uint8 holdbackClass,"
        "address deliveryKey,bool merchantMayCapture,bytes32 commitment,uint256 nonce)"
    );

    /// @notice The same terms, their members unchecked.
    function words(OrderTerms calldata terms) internal pure returns (TermsWords calldata same) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            same := terms
        }
    }

    /// @notice The terms at `index`, which the caller knows to be within the batch.
    function item(OrderTerms[] calldata batch, uint256 index) internal pure returns (OrderTerms calldata terms) {
        uint256 size = ENCODED_SIZE;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            terms := add(batch.offset, mul(index, size))
        }
    }

    /// @notice The EIP-712 digest of `terms` in a domain: the order's id.
    /// @dev Every member is static, so the ABI encoding equals EIP-712's `encodeData`: the words are hashed as they came.
    /// A member with dirty upper bits is refused where it is read.
    function orderId(bytes32 domainSeparator, OrderTerms calldata terms) internal pure returns (bytes32 id) {
        bytes32 typeHash = ORDER_TYPEHASH;
        uint256 size = ENCODED_SIZE;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 32), terms, size)
            let structHash := keccak256(free, add(size, 32))
            mstore(free, hex"1901")
            mstore(add(free, 2), domainSeparator)
            mstore(add(free, 34), structHash)
            id := keccak256(free, 66)
        }
    }
}
