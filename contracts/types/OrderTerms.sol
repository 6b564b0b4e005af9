// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

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

/// @notice Hashing of order terms as EIP-712 structs.
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

    /// @notice The EIP-712 struct hash of `terms`.
    /// @dev Every member is static, so the ABI encoding equals EIP-712's `encodeData`: the words are hashed as they came.
    /// A member with dirty upper bits is refused where it is read.
    function structHash(OrderTerms calldata terms) internal pure returns (bytes32 hash) {
        bytes32 typeHash = ORDER_TYPEHASH;
        uint256 size = ENCODED_SIZE;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 32), terms, size)
            hash := keccak256(free, add(size, 32))
        }
    }

    /// @notice The EIP-712 digest of `terms` in a domain: the order's id.
    function orderId(bytes32 domainSeparator, OrderTerms calldata terms) internal pure returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator, structHash(terms));
    }
}
