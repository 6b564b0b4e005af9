// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord} from "../../../contracts/types/AccountWord.sol";
import {ColdWord} from "../../../contracts/types/ColdWord.sol";
import {OrderProgressLibrary} from "../../../contracts/types/OrderProgress.sol";
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

    /// @dev The steps that most orders take leave what the general way leaves.
    function testFuzz_orderWordIsCapturedAsPacked(
        uint80 capturable,
        uint80 refundable,
        uint80 part,
        uint16 flags,
        uint24 cycle
    ) public view {
        uint256 all = uint256(capturable) >> 1;
        uint256 low = uint256(refundable) >> 1;
        uint256 amount = all == 0 ? 0 : uint256(part) % (all + 1);
        OrderWord word = OrderWordLibrary.pack(all, low, 7, 9, OrderWordLibrary.AUTHORIZED, flags);
        OrderWord opened = OrderProgressLibrary.opened(all);

        OrderWord captured = word.captured(amount, block.timestamp, cycle);

        uint8 state = amount == all ? OrderWordLibrary.CAPTURED : OrderWordLibrary.AUTHORIZED;
        OrderWord packed = OrderWordLibrary.pack(all - amount, low + amount, block.timestamp, cycle, state, flags);
        _require(OrderWord.unwrap(captured) == OrderWord.unwrap(packed));
        _require(OrderWord.unwrap(opened) == OrderWord.unwrap(OrderWordLibrary.pack(all, 0, 0, 0, 1, 0)));
        _require(opened.isPlainlyHeld() && word.isPlainlyHeld() == (flags & 3 == 0));
    }

    function testFuzz_accountWordLacksWhatItsReadingsSay(uint256 raw, uint8 status, uint8 scope) public view {
        uint256 standing = (uint256(status) & 7) | (uint256(scope) & 0x70);
        AccountWord word = AccountWord.wrap(raw);

        bool isThere = word.status() == standing & 7 && word.flags() & standing & 0x70 == standing & 0x70;
        _require((word.lacks(standing) == 0) == (isThere && block.timestamp <= word.kycUntil()));
        AccountWord same = AccountWord.wrap((raw & (type(uint256).max >> 8)) | (standing << 248) | (0xffff << 216));
        _require(same.lacks(standing) == 0);
    }

    function testFuzz_accountWordBalancesMoveAlone(
        uint256 raw,
        uint80 available,
        uint80 pending,
        uint32 fees
    ) public pure {
        uint256 rest = (raw >> 192) << 192;
        AccountWord empty = AccountWord.wrap(rest);

        AccountWord word = empty.addAvailable(available).addPending(pending).addFees(fees);

        _require(word.available() == available && word.pending() == pending && word.fees() == fees);
        _require((AccountWord.unwrap(word) >> 192) << 192 == rest);
        AccountWord back = word.subFees(fees).subPending(pending).subAvailable(available);
        _require(AccountWord.unwrap(back) == rest);
    }

    function testFuzz_accountWordStandingChangesAlone(
        uint256 raw,
        uint16 flags,
        uint40 kycUntil,
        uint24 openCycle
    ) public pure {
        AccountWord word = AccountWord.wrap(raw);

        AccountWord standing = word.withStanding(flags, kycUntil);
        _require(standing.flags() & 0x7f == flags & 0x7f && standing.has(0x80) == word.has(0x80));
        uint256 expected = kycUntil / 1 days > 65_535 ? 65_535 days : (kycUntil / 1 days) * 1 days;
        _require(standing.kycUntil() == expected && standing.status() == flags & 7);
        _require(standing.exposedUntil() == word.exposedUntil());
        _require(uint216(AccountWord.unwrap(standing)) == uint216(raw));
        AccountWord cycle = word.withOpenCycle(openCycle);
        _require(cycle.openCycle() == openCycle);
        _require(uint192(AccountWord.unwrap(cycle)) == uint192(raw) && AccountWord.unwrap(cycle) >> 216 == raw >> 216);
        AccountWord cold = word.withCold(flags & 1 == 1);
        _require(cold.has(0x80) == (flags & 1 == 1) && uint248(AccountWord.unwrap(cold)) == uint248(raw));
    }

    function testFuzz_accountWordExposureOnlyGrows(uint256 raw, uint40 second) public pure {
        AccountWord word = AccountWord.wrap(raw);

        AccountWord exposed = word.withExposure(second);

        _require(exposed.exposedUntil() >= word.exposedUntil());
        _require(exposed.exposedUntil() > second || exposed.exposedUntil() == 65_535 days);
        _require(uint232(AccountWord.unwrap(exposed)) == uint232(raw) && exposed.flags() == word.flags());
    }

    function testFuzz_coldWordChangesOneThing(uint256 raw, uint80 debt, uint80 reserve, uint8 classes) public pure {
        ColdWord word = ColdWord.wrap(raw);

        ColdWord owing = word.withDebt(debt);
        _require(owing.debt() == debt && ColdWord.unwrap(owing) >> 80 == raw >> 80);
        ColdWord holding = word.withReserve(reserve, classes);
        _require(holding.reserve() == reserve && holding.classes() == classes && holding.debt() == word.debt());
        _require(ColdWord.unwrap(holding) >> 168 == raw >> 168);
        ColdWord waiting = word.withUnpaidAwards(classes & 1 == 1);
        _require(waiting.hasUnpaidAwards() == (classes & 1 == 1));
        _require(uint168(ColdWord.unwrap(waiting)) == uint168(raw));
    }

    function _require(bool holds) private pure {
        require(holds, FieldChanged());
    }
}
