// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BasisPoints} from "../../../contracts/types/BasisPoints.sol";

/// @dev (f) of docs/invariants.md: a fee is a function of the total, whatever the steps to it.
contract BasisPointsTest {
    error FeeWrong(uint256 amount, uint256 fee);

    function testFuzz_feeIsWithinTheAmount(uint80 amount, uint16 bps, uint80 fixedFee) public pure {
        uint256 fee = _fee(amount, bps, fixedFee);

        require(fee <= amount && (amount != 0 || fee == 0), FeeWrong(amount, fee));
    }

    /// @dev Neither a capture nor a refund can move the fee against its direction, or by more than it moves itself.
    function testFuzz_feeGrowsWithTheAmountButNotFaster(
        uint80 amount,
        uint80 more,
        uint16 bps,
        uint80 fixedFee
    ) public pure {
        uint256 low = _fee(amount, bps, fixedFee);
        uint256 high = _fee(uint256(amount) + more, bps, fixedFee);

        require(high >= low && high - low <= more, FeeWrong(more, high));
    }

    function testFuzz_manyStepsPayWhatOnePays(uint80[8] memory steps, uint16 bps, uint80 fixedFee) public pure {
        uint256 total;
        uint256 paid;
        for (uint256 i; i < steps.length; ++i) {
            uint256 step = steps[i] >> 3;
            paid += _fee(total + step, bps, fixedFee) - _fee(total, bps, fixedFee);
            total += step;
        }

        require(paid == _fee(total, bps, fixedFee), FeeWrong(total, paid));
    }

    function testFuzz_shareRoundsDown(uint88 amount, uint16 bps) public pure {
        uint256 share = BasisPoints.shareDown(amount, bps % 10_001);

        require(share * 10_000 <= uint256(amount) * (bps % 10_001) && share <= amount, FeeWrong(amount, share));
    }

    function _fee(uint256 amount, uint16 bps, uint80 fixedFee) private pure returns (uint256) {
        return BasisPoints.feeDown(amount, bps % 10_001, fixedFee);
    }
}
