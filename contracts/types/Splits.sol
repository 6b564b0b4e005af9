// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BasisPoints} from "./BasisPoints.sol";

/// @notice One payee's share of what an order earns after fees, in basis points.
struct Split {
    address payee;
    uint16 bps;
}

/// @notice Hashing and checking of an order's splits.
library Splits {
    uint256 internal constant MAX_PAYEES = 8;

    /// @notice What the payer signs as `splitsHash`: 0 for no splits, else the hash of their ABI encoding.
    function hash(Split[] calldata splits) internal pure returns (bytes32) {
        return splits.length == 0 ? bytes32(0) : keccak256(abi.encode(splits));
    }

    /// @notice At most eight payees, each with a share, ascending by address, together at most the whole.
    function isValid(Split[] calldata splits, address merchant) internal pure returns (bool) {
        if (splits.length > MAX_PAYEES) return false;
        uint256 total;
        address previous;
        for (uint256 i; i < splits.length; ++i) {
            address payee = splits[i].payee;
            if (payee <= previous || payee == merchant || splits[i].bps == 0) return false;
            previous = payee;
            total += splits[i].bps;
        }
        return total <= BasisPoints.ONE;
    }
}
