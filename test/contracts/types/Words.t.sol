// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord, ColdWord} from "../../../contracts/types/AccountWord.sol";
import {OrderWord, OrderWordLibrary} from "../../../contracts/types/OrderWord.sol";

/// @dev Every field of a word comes back as it went in, and changing one leaves the others alone.
contract WordsTest {
    error FieldChanged();

    function testFuzz_orderWordRoundTrip(
        uint80 capturable,
        uint80 refundable,
        uint40 capturedAt,
        uint32 cycle,
        uint8 state,
        uint16 flags
    ) public pure {
        OrderWord word = OrderWordLibrary.pack(capturable, refundable, capturedAt, cycle, state, flags);

        _require(word.capturable() == capturable && word.refundable() == refundable);
        _require(word.capturedAt() == capturedAt && word.cycle() == cycle);
        _require(word.state() == state && word.flags() == flags);
        _require(word.isDisputed() == (flags & 1 != 0) && word.isShifted() == (flags & 2 != 0));
        _require(word.disputeCount() == flags >> 8);
    }

    function testFuzz_orderWordChangesOneThing(
        uint256 raw,
        uint80 capturable,
        uint80 refundable,
        uint16 flags
    ) public pure {
        OrderWord word = OrderWord.wrap(raw);

        OrderWord other = word.withAmounts(capturable, refundable, 3).withFlags(flags);

        _require(other.capturable() == capturable && other.refundable() == refundable && other.state() == 3);
        _require(other.flags() == flags);
        _require(other.capturedAt() == word.capturedAt() && other.cycle() == word.cycle());
        OrderWord back = other.withAmounts(word.capturable(), word.refundable(), word.state()).withFlags(word.flags());
        _require(OrderWord.unwrap(back) == raw);
    }

    function testFuzz_accountWordChangesOneThing(
        uint256 raw,
        uint88 available,
        uint88 pending,
        uint16 flags,
        uint40 kycUntil,
        uint24 openCycle
    ) public pure {
        AccountWord word = AccountWord.wrap(raw);

        AccountWord balances = word.withBalances(available, pending);
        _require(balances.available() == available && balances.pending() == pending);
        _require(AccountWord.unwrap(balances) >> 176 == raw >> 176);
        AccountWord standing = word.withStanding(flags, kycUntil);
        _require(standing.flags() == flags && standing.kycUntil() == kycUntil && standing.status() == flags & 7);
        _require(standing.openCycle() == word.openCycle());
        _require(standing.available() == word.available() && standing.pending() == word.pending());
        AccountWord cycle = word.withOpenCycle(openCycle);
        _require(cycle.openCycle() == openCycle);
        _require(uint232(AccountWord.unwrap(cycle)) == uint232(raw));
    }

    function testFuzz_coldWordChangesOneThing(uint256 raw, uint80 debt) public pure {
        ColdWord word = ColdWord.wrap(raw);

        ColdWord other = word.withDebt(debt);

        _require(other.debt() == debt && other.reserve() == word.reserve());
        _require(ColdWord.unwrap(other) >> 80 == raw >> 80);
    }

    function _require(bool holds) private pure {
        require(holds, FieldChanged());
    }
}
