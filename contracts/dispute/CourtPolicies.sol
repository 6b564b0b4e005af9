// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICourtPolicies} from "../interfaces/ICourtPolicies.sol";
import {BasisPoints} from "../types/BasisPoints.sol";

/// @title How long each side has, and what a dispute costs
abstract contract CourtPolicies is ICourtPolicies, AccessManaged {
    /// @dev Counts are kept in four bits.
    uint256 private constant MAX_EVIDENCE = 15;

    /// @dev The ledger lets an account close once no dispute can be open: after as many seconds, see `DisputeLocks`.
    uint256 private constant MAX_HARD_STOP = 180 days;

    /// @dev What an opening needs of the latest policy, in one word.
    struct Opening {
        uint8 version;
        uint32 respondWindow;
        uint16 bondBps;
    }

    mapping(uint256 version => Policy) private _policies;
    Opening private _opening;

    /// @inheritdoc ICourtPolicies
    function setPolicy(Policy calldata policy) external restricted {
        uint256 version = uint256(_opening.version) + 1;
        require(version <= type(uint8).max, CourtPolicyTooMany(version, type(uint8).max));
        _requireWindows(policy);
        _requireAtMost("openBondBps", policy.openBondBps, BasisPoints.ONE);
        _requireAtMost("appealBondBps", policy.appealBondBps, BasisPoints.ONE);
        _requireAtLeast("evidenceCap", policy.evidenceCap, 1);
        _requireAtMost("evidenceCap", policy.evidenceCap, MAX_EVIDENCE);

        _policies[version] = policy;
        // Cannot truncate: at most 255.
        _opening = Opening(uint8(version), policy.respondWindow, policy.openBondBps);

        emit PolicySet(
            version,
            policy.respondWindow,
            policy.ruleWindow,
            policy.appealWindow,
            policy.appealRuleWindow,
            policy.hardStop,
            policy.openBondBps,
            policy.appealBondBps,
            policy.evidenceCap
        );
    }

    /// @inheritdoc ICourtPolicies
    function policyOf(uint256 version) external view returns (Policy memory) {
        uint256 latest = _opening.version;
        if (version == 0) version = latest;
        require(version != 0 && version <= latest, CourtPolicyUnknown(version));
        return _policies[version];
    }

    /// @inheritdoc ICourtPolicies
    function policyVersion() external view returns (uint256) {
        return _opening.version;
    }

    function _policyAt(uint256 version) internal view returns (Policy storage) {
        return _policies[version];
    }

    /// @dev Without a policy the merchant would have no time to answer.
    function _requireOpening() internal view returns (Opening memory opening) {
        opening = _opening;
        require(opening.version != 0, CourtPolicyUnknown(0));
    }

    function _bondUp(uint256 amount, uint256 bps) internal pure returns (uint256) {
        return bps == 0 ? 0 : Math.mulDiv(amount, bps, BasisPoints.ONE, Math.Rounding.Ceil);
    }

    /// @dev Without time to act, silence would be decided before anyone could speak. Two panels may each use the time to
    /// rule before the hard stop: the first and its backup.
    function _requireWindows(Policy calldata policy) private pure {
        _requireAtLeast("respondWindow", policy.respondWindow, 1);
        _requireAtLeast("ruleWindow", policy.ruleWindow, 1);
        if (policy.appealWindow != 0) _requireAtLeast("appealRuleWindow", policy.appealRuleWindow, 1);
        uint256 longest =
            uint256(policy.respondWindow) +
                2 * uint256(policy.ruleWindow) +
                policy.appealWindow +
                policy.appealRuleWindow;
        _requireAtLeast("hardStop", policy.hardStop, longest);
        _requireAtMost("hardStop", policy.hardStop, MAX_HARD_STOP);
    }

    function _requireAtLeast(string memory field, uint256 actual, uint256 limit) private pure {
        require(actual >= limit, CourtPolicyInvalid(field, actual, limit));
    }

    function _requireAtMost(string memory field, uint256 actual, uint256 limit) private pure {
        require(actual <= limit, CourtPolicyInvalid(field, actual, limit));
    }
}
