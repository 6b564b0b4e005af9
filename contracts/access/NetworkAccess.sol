// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {NetworkRoles} from "./NetworkRoles.sol";

/// @title Who may do what on the network
/// @notice OpenZeppelin's AccessManager with the network's role ids readable on chain.
contract NetworkAccess is AccessManager {
    constructor(address admin) AccessManager(admin) {}

    /// @notice The role of the keys that act for `operator`.
    function operatorRole(address operator) external pure returns (uint64) {
        return NetworkRoles.operatorRole(operator);
    }

    /// @notice The role that closes cycles and pays out.
    function settlerRole() external pure returns (uint64) {
        return NetworkRoles.SETTLER;
    }
}
