// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Brings what was sent, and destroys one more unit in a hundred of the sender's.
contract FeeOnTopToken is ERC20 {
    constructor() ERC20("Top", "TOP") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);

        if (from != address(0) && to != address(0)) super._update(from, address(0), value / 100);
    }
}
