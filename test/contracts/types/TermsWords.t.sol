// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms, OrderTermsHash} from "../../../contracts/types/OrderTerms.sol";

/// @dev Stands between the test and the library, which reads calldata.
contract TermsReader {
    using OrderTermsHash for OrderTerms;

    uint256 internal constant MAX_HOLD = 180 days;

    function flaws(OrderTerms calldata terms) external view returns (uint256) {
        return terms.words().flaws(MAX_HOLD);
    }

    /// @dev Each member read through the decoder, which reverts on bits above its type.
    function isGood(OrderTerms calldata terms) external view returns (bool) {
        return
            terms.payer != terms.merchant &&
            terms.merchant != address(0) &&
            block.timestamp <= terms.authorizeBy &&
            terms.captureBy >= terms.authorizeBy &&
            terms.reclaimFrom > terms.captureBy &&
            terms.reclaimFrom <= block.timestamp + MAX_HOLD &&
            terms.refundBy >= terms.captureBy &&
            terms.refundBy <= terms.captureBy + MAX_HOLD &&
            terms.disputeWindow <= MAX_HOLD &&
            terms.feeBps <= 10_000 &&
            terms.defaultPayerBps <= 10_000 &&
            terms.fixedFee <= type(uint80).max &&
            terms.amount != 0 &&
            terms.amount <= type(uint80).max &&
            terms.arbiterSetId <= type(uint32).max &&
            uint160(terms.deliveryKey) <= type(uint160).max &&
            (terms.merchantMayCapture || !terms.merchantMayCapture) &&
            (terms.feeReceiver != address(0) || (terms.feeBps == 0 && terms.fixedFee == 0));
    }
}

/// @dev What is found of all words at once is what the checks find one by one.
contract TermsWordsTest {
    error Different(uint256 flaws, bool isGood);
    error NothingAccepted();

    uint256 private constant MEMBERS = 21;

    TermsReader private immutable READER = new TermsReader();

    function test_acceptsGoodTerms() public view {
        _requireSame(_goodTerms());
        require(_flaws(_goodTerms()) == 0, NothingAccepted());
    }

    /// @dev One member is anything, or next to what it was, or has one bit more.
    function testFuzz_findsWhatTheDecoderAndTheChecksFind(
        uint256 member,
        uint256 value,
        uint8 bit,
        bool less
    ) public view {
        uint256[MEMBERS] memory words = _goodTerms();
        member %= MEMBERS;
        uint256 good = words[member];
        words[member] = value;
        _requireSame(words);
        words[member] = good | (uint256(1) << bit);
        _requireSame(words);
        unchecked {
            words[member] = less ? good - 1 : good + 1;
        }
        _requireSame(words);
    }

    /// @dev Moments and limits close to their bounds, all at once; what wraps is a bound as well.
    function testFuzz_findsTheSameAtTheBounds(uint256 seed) public view {
        uint256[MEMBERS] memory words = _goodTerms();
        uint256 hold = 180 days;
        unchecked {
            words[9] = block.timestamp + _any(seed, 0, 3) - 1;
            words[10] = words[9] + _any(seed, 1, 3) - 1;
            words[11] = (_any(seed, 2, 2) == 0 ? words[10] : block.timestamp + hold - 1) + _any(seed, 3, 3);
            words[12] = (_any(seed, 4, 2) == 0 ? words[10] : words[10] + hold) + _any(seed, 5, 3) - 1;
            words[13] = hold + _any(seed, 6, 3) - 1;
            words[6] = _any(seed, 7, 3) == 0 ? 0 : 9_999 + _any(seed, 8, 3);
            words[14] = 9_999 + _any(seed, 9, 3);
            words[5] = _any(seed, 10, 3) == 0 ? 0 : uint256(type(uint80).max) + _any(seed, 11, 2);
            words[7] = _any(seed, 12, 3);
            words[4] = _any(seed, 13, 3) == 0 ? 1 : uint256(type(uint80).max) + _any(seed, 14, 2);
        }

        _requireSame(words);
    }

    function _any(uint256 seed, uint256 place, uint256 count) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, place))) % count;
    }

    function _requireSame(uint256[MEMBERS] memory words) private view {
        (bool isRead, bytes memory answer) = address(READER).staticcall(
            abi.encodePacked(TermsReader.isGood.selector, words)
        );
        bool isGood = isRead && abi.decode(answer, (bool));
        uint256 flaws = _flaws(words);

        require((flaws == 0) == isGood, Different(flaws, isGood));
    }

    function _flaws(uint256[MEMBERS] memory words) private view returns (uint256) {
        (, bytes memory answer) = address(READER).staticcall(abi.encodePacked(TermsReader.flaws.selector, words));
        return abi.decode(answer, (uint256));
    }

    function _goodTerms() private view returns (uint256[MEMBERS] memory words) {
        words[0] = 0xa;
        words[1] = 0xb;
        words[2] = 0xc;
        words[3] = 0xd;
        words[4] = 10_000;
        words[6] = 500;
        words[7] = 0xe;
        words[9] = block.timestamp + 1 days;
        words[10] = block.timestamp + 8 days;
        words[11] = block.timestamp + 10 days;
        words[12] = block.timestamp + 60 days;
        words[13] = 14 days;
        words[14] = 2_500;
    }
}
