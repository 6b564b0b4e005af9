// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

interface ITokenReceiver {
    function tokensReceived(address from, uint256 amount) external;
}
