// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev Code for an EIP-7702 account that validates no signature.
contract EmptyDelegate {
    function isDelegate() external pure returns (bool) {
        return true;
    }
}
