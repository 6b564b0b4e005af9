// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IVault} from "../interfaces/IVault.sol";

/// @title Custody of one operator's tokens
/// @dev Cloned per operator; the ledger is an immutable of the implementation, so every clone obeys the same one.
contract Vault is IVault {
    using SafeERC20 for IERC20;

    address private immutable LEDGER;

    constructor(address ledger) {
        LEDGER = ledger;
    }

    /// @inheritdoc IVault
    function pay(address token, address to, uint256 amount) external {
        require(msg.sender == LEDGER, VaultForbidden(msg.sender));

        IERC20(token).safeTransfer(to, amount);
    }
}
