// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedgerStanding} from "../interfaces/ILedgerStanding.sol";

/// @dev Tells what it was asked, and lets nobody close until it is told to.
contract StandingLedger is ILedgerStanding {
    bool public isSettled;

    event Refreshed(address account);

    error NotSettled(address account, uint256 closingSince);

    function settle() external {
        isSettled = true;
    }

    function refresh(address account) external {
        emit Refreshed(account);
    }

    function requireClosable(address account, uint256 closingSince) external view {
        require(isSettled, NotSettled(account, closingSince));
    }
}
