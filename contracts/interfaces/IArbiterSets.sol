// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Who rules
/// @notice Sets are versioned and append-only. A version pins the versions of its backup and appeal sets that exist when
/// it is defined, so a dispute that pinned a version at its opening knows every panel it can ever meet.
interface IArbiterSets {
    /// @notice A version of a set; `members` ascending. A linked version of 0 means that there is no such set.
    struct ArbiterSet {
        address[] members;
        uint8 threshold;
        uint32 backupSetId;
        uint24 backupVersion;
        uint32 appealSetId;
        uint24 appealVersion;
    }

    /// @notice A new version of an arbiter set was defined; open disputes keep theirs.
    event ArbiterSetDefined(
        uint32 indexed setId,
        uint256 version,
        uint256 threshold,
        address[] members,
        uint32 backupSetId,
        uint256 backupVersion,
        uint32 appealSetId,
        uint256 appealVersion
    );

    /// @notice Thrown when an arbiter set is numbered 0, empty, unsorted or has an unreachable threshold.
    error CourtSetInvalid(uint32 setId, uint256 members, uint256 threshold);

    /// @notice Thrown when an arbiter set has too many members, or was defined too often.
    error CourtSetTooLarge(uint32 setId, uint256 actual, uint256 limit);

    /// @notice Thrown when a set is to be its own backup or its own appeal set.
    error CourtSetCircular(uint32 setId);

    /// @notice Thrown when an appeal set has not both more members and a larger threshold than the set it reviews.
    error CourtAppealSetTooSmall(
        uint32 appealSetId,
        uint256 appealMembers,
        uint256 appealThreshold,
        uint256 members,
        uint256 threshold
    );

    /// @notice Thrown when no such set, or no such version of it, was defined.
    error CourtSetUnknown(uint32 setId);

    /// @notice Thrown when the panel's votes are fewer than the threshold.
    error CourtVotesMissing(bytes32 disputeId, uint256 votes, uint256 threshold);

    /// @notice Thrown when a vote's signer is no member of the panel, is a party, or is not in ascending order.
    error CourtVoteInvalid(bytes32 disputeId, address signer);

    /// @notice Defines a new version of an arbiter set: at most 32 `members`, ascending, without duplicates. The backup
    /// set rules where this one is silent, the appeal set reviews its rulings; 0 for none.
    function defineArbiterSet(
        uint32 setId,
        address[] calldata members,
        uint256 threshold,
        uint32 backupSetId,
        uint32 appealSetId
    ) external;

    /// @notice A version of an arbiter set; version 0 asks for the latest.
    function arbiterSet(uint32 setId, uint256 version) external view returns (ArbiterSet memory);
}
