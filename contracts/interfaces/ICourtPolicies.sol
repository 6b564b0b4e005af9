// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title How long each side has, and what a dispute costs
/// @notice Policies are versioned and append-only; a dispute keeps the version it was opened under.
interface ICourtPolicies {
    /// @notice Windows in seconds, each from the event before it. No `appealWindow` means no appeal. `hardStop` counts
    /// from the opening; it has room for every window, the backup panel's included. Bonds are shares of the disputed
    /// amount, rounded up. `evidenceCap` is how many documents a side may add to its first statement.
    struct Policy {
        uint32 respondWindow;
        uint32 ruleWindow;
        uint32 appealWindow;
        uint32 appealRuleWindow;
        uint40 hardStop;
        uint16 openBondBps;
        uint16 appealBondBps;
        uint8 evidenceCap;
    }

    /// @notice The policy of disputes opened from now on was set.
    event PolicySet(
        uint256 indexed version,
        uint256 respondWindow,
        uint256 ruleWindow,
        uint256 appealWindow,
        uint256 appealRuleWindow,
        uint256 hardStop,
        uint256 openBondBps,
        uint256 appealBondBps,
        uint256 evidenceCap
    );

    /// @notice Thrown when a member of a policy is out of range; `limit` is the nearest value allowed.
    error CourtPolicyInvalid(string field, uint256 actual, uint256 limit);

    /// @notice Thrown when no such policy, or none at all, was set.
    error CourtPolicyUnknown(uint256 version);

    /// @notice Thrown when no more policies can be set.
    error CourtPolicyTooMany(uint256 version, uint256 limit);

    /// @notice Sets the policy of disputes opened from now on.
    function setPolicy(Policy calldata policy) external;

    /// @notice A version of the policy; version 0 asks for the latest.
    function policyOf(uint256 version) external view returns (Policy memory);

    /// @notice The version that a dispute opened now would keep; 0 if none was set.
    function policyVersion() external view returns (uint256);
}
