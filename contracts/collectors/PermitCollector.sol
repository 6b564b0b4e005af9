// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ICollector} from "../interfaces/ICollector.sol";

/// @title Brings payers' money in by ERC-2612 permit, or by an allowance given before
/// @notice The payer permits this contract. It takes money only on the ledger's call, for an order the payer signed.
contract PermitCollector is ICollector {
    using SafeERC20 for IERC20;

    address private immutable LEDGER;

    constructor(address ledger) {
        LEDGER = ledger;
    }

    /// @inheritdoc ICollector
    /// @dev `data` is empty, or (uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) of the permit. A permit
    /// that somebody submitted before fails, which is no harm: what counts is the allowance.
    function collect(
        bytes32,
        address token,
        address payer,
        address vault,
        uint256 amount,
        bytes calldata data
    ) external {
        require(msg.sender == LEDGER, CollectorNotLedger(msg.sender));

        if (data.length != 0) {
            (uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) = abi.decode(
                data,
                (uint256, uint256, uint8, bytes32, bytes32)
            );
            // solhint-disable-next-line no-empty-blocks
            try IERC20Permit(token).permit(payer, address(this), value, deadline, v, r, s) {} catch {}
        }
        IERC20(token).safeTransferFrom(payer, vault, amount);
    }
}
