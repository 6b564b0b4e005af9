// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITokenReceiver} from "./ITokenReceiver.sol";

/// @dev Calls back what it was told to as soon as tokens arrive, once.
contract ReenteringReceiver is ITokenReceiver {
    address private _target;
    bytes private _data;
    bool private _swallows;

    bool public hasReentered;
    bytes public refusal;

    error ReentryRefused();

    function arm(address target, bytes calldata data, bool swallows) external {
        _target = target;
        _data = data;
        _swallows = swallows;
    }

    function execute(address target, bytes calldata data) external {
        _call(target, data);
    }

    function tokensReceived(address, uint256) external {
        if (_target == address(0)) return;

        address target = _target;
        _target = address(0);
        // solhint-disable-next-line avoid-low-level-calls
        (bool isDone, bytes memory result) = target.call(_data);
        hasReentered = isDone;
        refusal = result;
        require(isDone || _swallows, ReentryRefused());
    }

    function _call(address target, bytes memory data) private {
        // solhint-disable-next-line avoid-low-level-calls
        (bool isDone, bytes memory result) = target.call(data);
        if (isDone) return;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(result, 32), mload(result))
        }
    }
}
