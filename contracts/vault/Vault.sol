// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IVault} from "../interfaces/IVault.sol";

/// @title Custody of one operator's tokens
/// @dev One contract per operator, made by the ledger; not a clone, whose detour would cost each payment 2,700 gas.
contract Vault is IVault {
    using SafeERC20 for IERC20;

    address private immutable LEDGER;

    modifier onlyLedger() {
        require(msg.sender == LEDGER, VaultForbidden(msg.sender));
        _;
    }

    constructor() {
        LEDGER = msg.sender;
    }

    /// @inheritdoc IVault
    function pay(address token, address to, uint256 amount) external onlyLedger {
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IVault
    function receiveWithAuthorization(
        address token,
        address from,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external onlyLedger {
        bytes32 r = bytes32(signature[0:32]);
        bytes32 s = bytes32(signature[32:64]);
        uint8 v = uint8(signature[64]);
        IERC3009(token).receiveWithAuthorization(from, address(this), amount, 0, validBefore, nonce, v, r, s);
    }
}
