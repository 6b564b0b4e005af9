// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @notice Whether an account signed a digest, be it a key (ECDSA), a contract (ERC-1271) or both (EIP-7702).
library Signatures {
    /// @dev Enough for any well-kept wallet; without a bound one that burns all gas would starve a whole batch.
    uint256 private constant VALIDATION_GAS = 200_000;

    /// @dev Recovery comes first, so that an EIP-7702 account whose delegate validates nothing can sign as well.
    function isSignedBy(address signer, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address recovered, ECDSA.RecoverError err, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (err == ECDSA.RecoverError.NoError && recovered == signer) return true;
        if (signer.code.length == 0) return false;

        return _isValidated(signer, abi.encodeCall(IERC1271.isValidSignature, (digest, signature)));
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
