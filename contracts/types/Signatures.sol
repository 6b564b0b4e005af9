// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// @notice Whether an account signed a digest, be it a key (ECDSA), a contract (ERC-1271) or both (EIP-7702).
library Signatures {
    /// @dev Enough for any well-kept wallet; without a bound one that burns all gas would starve a whole batch.
    uint256 private constant VALIDATION_GAS = 200_000;

    /// @dev Half the order of secp256k1: of the two signatures (s, n - s) of a digest only the lower one counts.
    uint256 private constant MAX_S = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @dev Recovery comes first, so that an EIP-7702 account whose delegate validates nothing can sign as well.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        if (_isRecovered(signer, digest, signature)) return true;
        if (signer.code.length == 0) return false;

        return _isValidated(signer, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
    }

    /// @dev What OpenZeppelin's `ECDSA.tryRecoverCalldata` accepts, without the 300 gas of its three results: 65 bytes of
    /// r, s and v. The precompile answers nothing to what is no signature, which leaves zero: no signer.
    function _isRecovered(address signer, bytes32 digest, bytes calldata signature) private view returns (bool isSame) {
        uint256 maxS = MAX_S;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            if eq(signature.length, 65) {
                let free := mload(0x40)
                mstore(free, digest)
                mstore(add(free, 32), byte(0, calldataload(add(signature.offset, 64))))
                calldatacopy(add(free, 64), signature.offset, 64)
                mstore(0, 0)
                // It fails for want of gas only; nobody's signature is wrong because of that.
                if iszero(staticcall(gas(), 1, free, 128, 0, 32)) {
                    revert(0, 0)
                }
                let recovered := mload(0)
                isSame := and(eq(recovered, shr(96, shl(96, signer))), iszero(iszero(recovered)))
                isSame := and(isSame, iszero(gt(mload(add(free, 96)), maxS)))
            }
        }
    }

    /// @dev Takes one word of the answer, whatever its length: copying all of it would be paid by the caller.
    function _isValidated(address wallet, bytes memory question) private view returns (bool) {
        bool isAnswered;
        bytes32 answer;
        uint256 gasLimit = VALIDATION_GAS;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(0, 0)
            isAnswered := staticcall(gasLimit, wallet, add(question, 32), mload(question), 0, 32)
            isAnswered := and(isAnswered, gt(returndatasize(), 31))
            answer := mload(0)
        }
        return isAnswered && answer == bytes32(IERC1271.isValidSignature.selector);
    }
}
