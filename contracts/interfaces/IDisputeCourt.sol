// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";

/// @title States, deadlines, panels and rulings of disputes
/// @notice Every state has a way out in bounded time: a silent merchant loses, a silent panel leaves the ruling that
/// the payer and merchant fixed in the order's terms.
interface IDisputeCourt {
    enum State {
        None,
        Open,
        Contested,
        Ruled,
        Final
    }

    enum Reason {
        Other,
        NotReceived,
        NotAsDescribed,
        Fraud,
        Duplicate
    }

    /// @dev How a ruling came about.
    enum Basis {
        Panel,
        MerchantAccepted,
        PayerWithdrew,
        MerchantSilent,
        PanelSilent
    }

    /// @notice Windows in seconds, each from the event before it.
    struct Policy {
        uint40 respondWindow;
        uint40 ruleWindow;
    }

    /// @notice A dispute as stored. `evidence` accumulates keccak256(evidence, party, hash). Times in Unix seconds.
    struct Dispute {
        bytes32 orderId;
        bytes32 evidence;
        address payer;
        uint40 respondBy;
        uint40 ruleBy;
        address merchant;
        State state;
        uint16 payerBps;
        uint16 defaultPayerBps;
        uint32 setVersion;
        address operator;
        uint32 setId;
    }

    /// @notice A dispute was opened. Amount in token base units, time in Unix seconds.
    event DisputeOpened(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed merchant,
        address payer,
        uint256 amount,
        Reason reason,
        bytes32 evidence,
        uint256 respondBy
    );

    /// @notice The merchant answered; the panel has until `ruleBy` (Unix seconds).
    event DisputeContested(bytes32 indexed disputeId, bytes32 evidence, uint256 ruleBy);

    /// @notice The outcome is decided: the payer is awarded `payerBps` of the disputed amount.
    event DisputeRuled(bytes32 indexed disputeId, uint256 payerBps, Basis basis);

    /// @notice The outcome was paid; the dispute is over.
    event DisputeFinalized(bytes32 indexed disputeId, bytes32 indexed orderId, uint256 payerBps);

    /// @notice A new version of an arbiter set was defined; open disputes keep theirs.
    event ArbiterSetDefined(uint32 indexed setId, uint32 version, uint256 threshold, address[] members);

    /// @notice The windows of disputes opened from now on were set.
    event PolicySet(uint40 respondWindow, uint40 ruleWindow);

    /// @notice Thrown when the caller is not a party who may do this.
    error CourtForbidden(bytes32 disputeId, address caller);

    /// @notice Thrown when the dispute is not in the state that the call needs.
    error CourtStateWrong(bytes32 disputeId, State actual, State required);

    /// @notice Thrown when the moment for the call has passed. Times in Unix seconds.
    error CourtTooLate(bytes32 disputeId, uint256 deadline, uint256 nowSeconds);

    /// @notice Thrown when the other side's time is not over. Times in Unix seconds.
    error CourtTooEarly(bytes32 disputeId, uint256 deadline, uint256 nowSeconds);

    /// @notice Thrown when the panel's votes are fewer than the threshold.
    error CourtVotesMissing(bytes32 disputeId, uint256 votes, uint256 threshold);

    /// @notice Thrown when a vote's signer is no member of the panel, is a party, or is not in ascending order.
    error CourtVoteInvalid(bytes32 disputeId, address signer);

    /// @notice Thrown when the votes were cast on other evidence than the court has.
    error CourtEvidenceStale(bytes32 disputeId, bytes32 voted, bytes32 actual);

    /// @notice Thrown when a share is above 10,000.
    error CourtBpsInvalid(uint256 payerBps, uint256 limit);

    /// @notice Thrown when an arbiter set is empty, unsorted or has an unreachable threshold.
    error CourtSetInvalid(uint32 setId, uint256 members, uint256 threshold);

    /// @notice Thrown when a window is 0, or none was ever set. In seconds.
    error CourtPolicyInvalid(uint40 respondWindow, uint40 ruleWindow);

    /// @notice Thrown when an order names an arbiter set that was never defined.
    error CourtSetUnknown(uint32 setId);

    /// @notice Thrown when the order is not the one in dispute.
    error CourtOrderWrong(bytes32 disputeId, bytes32 orderId);

    /// @notice Sets the windows of disputes opened from now on.
    function setPolicy(Policy calldata policy) external;

    /// @notice Defines a new version of an arbiter set; `members` ascending, without duplicates.
    function defineArbiterSet(uint32 setId, address[] calldata members, uint256 threshold) external;

    /// @notice Opens a dispute over `amount` of an order. Caller: the payer, or a key of its operator for the payer.
    function open(
        OrderTerms calldata terms,
        uint256 amount,
        Reason reason,
        bytes32 evidenceHash
    ) external returns (bytes32 disputeId);

    /// @notice The merchant, or a mandated operator for it, contests the dispute.
    function contest(bytes32 disputeId, bytes32 evidenceHash) external;

    /// @notice The merchant, or a mandated operator for it, accepts: the payer gets everything.
    function accept(bytes32 disputeId) external;

    /// @notice The payer gives up: the merchant keeps everything.
    function withdraw(bytes32 disputeId) external;

    /// @notice Records the panel's ruling from its members' EIP-712 `Vote` signatures, all on one share and one state
    /// of the evidence, ordered by ascending signer. Anyone may call.
    function rule(bytes32 disputeId, uint256 payerBps, bytes32 evidence, bytes[] calldata signatures) external;

    /// @notice Pays out the outcome once it is decided or a side was silent for its whole time. Anyone may call.
    function finalize(OrderTerms calldata terms, bytes32 disputeId) external;

    /// @notice The dispute as stored.
    function disputeOf(bytes32 disputeId) external view returns (Dispute memory);

    /// @notice Members and threshold of a version of an arbiter set; version 0 asks for the latest.
    function arbiterSet(
        uint32 setId,
        uint32 version
    ) external view returns (address[] memory members, uint256 threshold);

    /// @notice The windows for new disputes.
    function policy() external view returns (Policy memory);

    /// @notice The digest that a member of the panel signs (EIP-712 `Vote`).
    function voteDigest(bytes32 disputeId, uint256 payerBps, bytes32 evidence) external view returns (bytes32);
}
