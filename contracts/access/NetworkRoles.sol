// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Role ids of the network in OpenZeppelin's AccessManager; 0 is its admin.
library NetworkRoles {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant COMPLIANCE = 2;
    uint64 internal constant ISSUER = 3;
    uint64 internal constant SETTLER = 4;
    uint64 internal constant ARBITER_ADMIN = 5;
    uint64 internal constant GUARDIAN = 6;
    uint64 internal constant COMPLIANCE_RELEASE = 7;
    uint64 internal constant SEIZURE = 8;
    uint64 internal constant TREASURER = 9;
    uint64 internal constant RISK = 10;

    /// @notice The role of the keys that act for `operator`.
    /// @dev Above 2**32, so that it cannot meet a numbered role; half the hash keeps it within 63 bits.
    function operatorRole(address operator) internal pure returns (uint64) {
        return uint64(uint256(keccak256(abi.encode("rialto.operator", operator))) >> 193) | (uint64(1) << 32);
    }
}
