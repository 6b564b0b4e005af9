// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";

/// @notice The course of a dispute in one storage word.
/// @dev From the least significant bit:
/// amount u80 | award u80 | deadline u40 | setVersion u24 | state u8 | round u8 | evidenceCounts u8 | policyVersion u8.
/// `award` is meaningful from the first ruling on. `deadline` is the end of the state's window; 0 once nothing but the
/// payment is left. Evidence counts: bits 0 to 3 the payer's, bits 4 to 7 the merchant's.
type DisputeWord is uint256;

using DisputeWordLibrary for DisputeWord global;

/// @notice Reading and changing of dispute words; every number is bounded by its field where it comes from.
library DisputeWordLibrary {
    uint256 private constant EVIDENCE_SHIFT = 240;

    function amount(DisputeWord word) internal pure returns (uint256) {
        return uint80(DisputeWord.unwrap(word));
    }

    function award(DisputeWord word) internal pure returns (uint256) {
        return uint80(DisputeWord.unwrap(word) >> 80);
    }

    function deadline(DisputeWord word) internal pure returns (uint256) {
        return uint40(DisputeWord.unwrap(word) >> 160);
    }

    function setVersion(DisputeWord word) internal pure returns (uint24) {
        return uint24(DisputeWord.unwrap(word) >> 200);
    }

    function state(DisputeWord word) internal pure returns (IDisputeCourt.State) {
        return IDisputeCourt.State(uint8(DisputeWord.unwrap(word) >> 224));
    }

    function round(DisputeWord word) internal pure returns (uint8) {
        return uint8(DisputeWord.unwrap(word) >> 232);
    }

    function evidenceCount(DisputeWord word, IDisputeCourt.Side side) internal pure returns (uint256) {
        return (DisputeWord.unwrap(word) >> _evidenceShift(side)) & 15;
    }

    function policyVersion(DisputeWord word) internal pure returns (uint8) {
        return uint8(DisputeWord.unwrap(word) >> 248);
    }

    /// @notice The word of a dispute that has just been opened, in its first round.
    function pack(
        uint256 amount_,
        uint256 deadline_,
        uint256 setVersion_,
        uint256 policyVersion_
    ) internal pure returns (DisputeWord) {
        return
            DisputeWord.wrap(
                amount_ |
                    (deadline_ << 160) |
                    (setVersion_ << 200) |
                    (uint256(IDisputeCourt.State.Open) << 224) |
                    (1 << 232) |
                    (policyVersion_ << 248)
            );
    }

    /// @notice The same word with another award.
    function withAward(DisputeWord word, uint256 award_) internal pure returns (DisputeWord) {
        return _with(word, 80, type(uint80).max, award_);
    }

    /// @notice The same word in another state.
    function withState(DisputeWord word, IDisputeCourt.State state_) internal pure returns (DisputeWord) {
        return _with(word, 224, type(uint8).max, uint256(state_));
    }

    /// @notice The same word in another state that ends at `deadline_`.
    function withStage(
        DisputeWord word,
        IDisputeCourt.State state_,
        uint256 deadline_
    ) internal pure returns (DisputeWord) {
        return _with(withState(word, state_), 160, type(uint40).max, deadline_);
    }

    /// @notice The same word in the next round: votes and offers of the present one are void.
    /// @dev Reverts at 255. That takes 250 concessions of one side, after which only the payment is left to be done.
    function withNextRound(DisputeWord word) internal pure returns (DisputeWord) {
        return _with(word, 232, type(uint8).max, round(word) + 1);
    }

    /// @notice The same word with one more piece of evidence of a side, which has fewer than 15.
    function withEvidenceOf(DisputeWord word, IDisputeCourt.Side side) internal pure returns (DisputeWord) {
        return DisputeWord.wrap(DisputeWord.unwrap(word) + (1 << _evidenceShift(side)));
    }

    function _with(DisputeWord word, uint256 shift, uint256 mask, uint256 value) private pure returns (DisputeWord) {
        return DisputeWord.wrap((DisputeWord.unwrap(word) & ~(mask << shift)) | (value << shift));
    }

    function _evidenceShift(IDisputeCourt.Side side) private pure returns (uint256) {
        return side == IDisputeCourt.Side.Merchant ? EVIDENCE_SHIFT + 4 : EVIDENCE_SHIFT;
    }
}
