// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IArbiterSets} from "../interfaces/IArbiterSets.sol";
import {OrderTerms} from "../types/OrderTerms.sol";

/// @title Who rules
abstract contract ArbiterSets is IArbiterSets, AccessManaged {
    /// @dev Voters are kept as 32 bits.
    uint256 private constant MAX_MEMBERS = 32;

    mapping(uint32 setId => ArbiterSet[] versions) private _arbiterSets;

    /// @inheritdoc IArbiterSets
    function defineArbiterSet(
        uint32 setId,
        address[] calldata members,
        uint256 threshold,
        uint32 backupSetId,
        uint32 appealSetId
    ) external restricted {
        _requireMembers(setId, members, threshold);
        require(setId != backupSetId && setId != appealSetId, CourtSetCircular(setId));
        ArbiterSet[] storage versions = _arbiterSets[setId];
        uint256 version = versions.length + 1;
        require(version <= type(uint24).max, CourtSetTooLarge(setId, version, type(uint24).max));
        uint24 backupVersion = _versionToPin(backupSetId);
        uint24 appealVersion = _versionToPin(appealSetId);
        if (appealVersion != 0) _requireLarger(appealSetId, appealVersion, members.length, threshold);

        // Cannot truncate: the threshold is at most 32.
        versions.push(ArbiterSet(members, uint8(threshold), backupSetId, backupVersion, appealSetId, appealVersion));

        emit ArbiterSetDefined(
            setId,
            version,
            threshold,
            members,
            backupSetId,
            backupVersion,
            appealSetId,
            appealVersion
        );
    }

    /// @inheritdoc IArbiterSets
    function arbiterSet(uint32 setId, uint256 version) external view returns (ArbiterSet memory) {
        return _setAt(setId, version == 0 ? _latestVersionOf(setId) : version);
    }

    /// @dev 0 if the set was never defined.
    function _latestVersionOf(uint32 setId) internal view returns (uint256) {
        return _arbiterSets[setId].length;
    }

    function _setAt(uint32 setId, uint256 version) internal view returns (ArbiterSet storage) {
        ArbiterSet[] storage versions = _arbiterSets[setId];
        require(version != 0 && version <= versions.length, CourtSetUnknown(setId));
        return versions[version - 1];
    }

    /// @dev The panel whose turn it is, or was: the set of the terms or its backup, or the appeal set of either.
    function _panelOf(
        uint32 setId,
        uint24 version,
        bool isEscalated,
        bool isAppealed
    ) internal view returns (ArbiterSet storage panel) {
        panel = _setAt(setId, version);
        if (isEscalated) panel = _setAt(panel.backupSetId, panel.backupVersion);
        if (isAppealed) panel = _setAt(panel.appealSetId, panel.appealVersion);
    }

    /// @dev Both lists ascend, so one pass finds every voter among the members and meets no one twice.
    function _requireVotes(
        bytes32 disputeId,
        OrderTerms calldata terms,
        ArbiterSet storage panel,
        bytes32 digest,
        bytes[] calldata signatures
    ) internal view returns (uint32 voters) {
        uint256 threshold = panel.threshold;
        require(signatures.length >= threshold, CourtVotesMissing(disputeId, signatures.length, threshold));
        address[] memory members = panel.members;
        uint256 position;
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, , ) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            while (position < members.length && members[position] < signer) ++position;
            bool isMember = position < members.length && members[position] == signer;
            bool isParty = signer == terms.payer || signer == terms.merchant || signer == terms.operator;
            require(isMember && !isParty, CourtVoteInvalid(disputeId, signer));
            // Cannot overflow: a set has at most 32 members.
            voters |= uint32(1 << position);
            ++position;
        }
    }

    function _requireMembers(uint32 setId, address[] calldata members, uint256 threshold) private pure {
        uint256 count = members.length;
        require(count <= MAX_MEMBERS, CourtSetTooLarge(setId, count, MAX_MEMBERS));
        require(setId != 0 && threshold != 0 && threshold <= count, CourtSetInvalid(setId, count, threshold));
        address previous;
        for (uint256 i; i < count; ++i) {
            require(members[i] > previous, CourtSetInvalid(setId, count, threshold));
            previous = members[i];
        }
    }

    function _versionToPin(uint32 linkedSetId) private view returns (uint24) {
        if (linkedSetId == 0) return 0;
        uint256 version = _latestVersionOf(linkedSetId);
        require(version != 0, CourtSetUnknown(linkedSetId));
        // Cannot truncate: a set has at most 2**24 - 1 versions.
        return uint24(version);
    }

    function _requireLarger(uint32 appealSetId, uint24 version, uint256 members, uint256 threshold) private view {
        ArbiterSet storage set = _setAt(appealSetId, version);
        require(
            set.members.length > members && set.threshold > threshold,
            CourtAppealSetTooSmall(appealSetId, set.members.length, set.threshold, members, threshold)
        );
    }
}
