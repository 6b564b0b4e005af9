// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeCourt} from "../interfaces/IDisputeCourt.sol";
import {DisputeWord} from "../types/DisputeWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {Signatures} from "../types/Signatures.sol";
import {DisputeRecords} from "./DisputeRecords.sol";

/// @title How both sides end a dispute by themselves
/// @dev No offer moves a deadline: whoever ignores one loses nothing by it.
abstract contract DisputeOffers is DisputeRecords {
    bytes32 private constant OFFER_TYPEHASH = keccak256(
        "SettlementOffer(bytes32 disputeId,uint256 amount,uint40 deadline,uint256 round)"
    );

    mapping(bytes32 disputeId => mapping(Side side => Offer)) private _offers;

    /// @inheritdoc IDisputeCourt
    function offer(OrderTerms calldata terms, uint256 amount, uint40 deadline) external {
        (bytes32 disputeId, , DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        Side side = _callingSide(disputeId, terms);
        require(amount <= word.amount(), CourtOfferTooHigh(disputeId, amount, word.amount()));
        _requireUntil(disputeId, deadline);

        // Cannot truncate: at most the disputed amount, a uint80.
        _offers[disputeId][side] = Offer(uint80(amount), deadline, word.round(), true);

        emit DisputeOffered(disputeId, side, amount, deadline, word.round());
    }

    /// @inheritdoc IDisputeCourt
    function withdrawOffer(OrderTerms calldata terms) external {
        (bytes32 disputeId, , DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        Side side = _callingSide(disputeId, terms);
        require(_offers[disputeId][side].isPresent, CourtOfferMissing(disputeId, side));

        delete _offers[disputeId][side];

        emit OfferWithdrawn(disputeId, side);
    }

    /// @inheritdoc IDisputeCourt
    function acceptOffer(OrderTerms calldata terms, uint256 amount) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        Side accepting = _callingSide(disputeId, terms);
        if (accepting == Side.Merchant) _requireMerchantInTime(disputeId, word);
        Side offering = accepting == Side.Payer ? Side.Merchant : Side.Payer;
        Offer memory offered = _offers[disputeId][offering];
        require(offered.isPresent && offered.round == word.round(), CourtOfferMissing(disputeId, offering));
        require(offered.amount == amount, CourtOfferChanged(disputeId, amount, offered.amount));
        _requireUntil(disputeId, offered.deadline);

        _decide(disputeId, record, word, amount, Basis.OfferAccepted, 0);
    }

    /// @inheritdoc IDisputeCourt
    function agree(
        OrderTerms calldata terms,
        uint256 amount,
        uint40 deadline,
        bytes calldata payerSignature,
        bytes calldata merchantSignature
    ) external {
        (bytes32 disputeId, Record storage record, DisputeWord word) = _load(terms);
        _requireLive(disputeId, word);
        require(amount <= word.amount(), CourtOfferTooHigh(disputeId, amount, word.amount()));
        _requireUntil(disputeId, deadline);
        bytes32 digest = offerDigest(disputeId, amount, deadline, word.round());
        _requireSigned(disputeId, _heirOf(terms.payer), digest, payerSignature);
        _requireSigned(disputeId, _heirOf(terms.merchant), digest, merchantSignature);

        _decide(disputeId, record, word, amount, Basis.Agreed, 0);
    }

    /// @inheritdoc IDisputeCourt
    function offerOf(bytes32 disputeId, Side side) external view returns (Offer memory) {
        return _offers[disputeId][side];
    }

    /// @inheritdoc IDisputeCourt
    function offerDigest(
        bytes32 disputeId,
        uint256 amount,
        uint40 deadline,
        uint256 round
    ) public view returns (bytes32) {
        return _hashTypedDataV4(keccak256(abi.encode(OFFER_TYPEHASH, disputeId, amount, deadline, round)));
    }

    /// @dev The payer is the payer alone: an operator that acted for both sides could settle with itself.
    function _callingSide(bytes32 disputeId, OrderTerms calldata terms) private view returns (Side) {
        if (_isParty(terms.payer)) return Side.Payer;
        require(_speaksForMerchant(terms), CourtForbidden(disputeId, msg.sender));
        return Side.Merchant;
    }

    function _requireSigned(bytes32 disputeId, address signer, bytes32 digest, bytes calldata signature) private view {
        require(Signatures.isSignedBy(signer, digest, signature), CourtSignatureInvalid(disputeId, signer));
    }
}
