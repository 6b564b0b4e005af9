// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ITokenReceiver} from "./ITokenReceiver.sol";

/// @dev Tells a receiving contract of every transfer, as ERC-777 did.
contract HookToken is ERC20 {
    constructor() ERC20("Hook", "HOOK") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);

        // Vaults and registries have code and no such function.
        // solhint-disable-next-line no-empty-blocks
        if (to.code.length > 100) try ITokenReceiver(to).tokensReceived(from, value) {} catch {}
    }
}
