// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @dev Receiving fails in the most expensive ways: one receiver burns all gas, another gets a huge error.
contract HostileReceiptToken is ERC20 {
    address private _gasBurner;
    address private _shouter;
    uint256 private _errorBytes;

    constructor() ERC20("Hostile", "HOST") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function burnGasOf(address receiver) external {
        _gasBurner = receiver;
    }

    function shoutAt(address receiver, uint256 errorBytes) external {
        _shouter = receiver;
        _errorBytes = errorBytes;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);

        if (to == _gasBurner) {
            uint256 sum;
            for (uint256 i; ; ++i) sum += uint256(keccak256(abi.encode(sum, i)));
        }
        if (to == _shouter) {
            uint256 length = _errorBytes;
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                revert(mload(0x40), length)
            }
        }
    }
}
