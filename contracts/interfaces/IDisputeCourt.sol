// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderTerms} from "../types/OrderTerms.sol";
import {Split} from "../types/Splits.sol";
import {IArbiterSets} from "./IArbiterSets.sol";
import {ICourtPolicies} from "./ICourtPolicies.sol";

/// @title States, deadlines, panels and rulings of disputes
/// @notice Every state has a way out in bounded time: a silent merchant loses, a silent panel is followed by its backup
/// and then by the ruling that the payer and merchant fixed in the order's terms, a silent appeal panel leaves the
/// ruling as it was, and nothing outlives the hard stop. Calls bring the order's terms, which name the parties; the
/// dispute meant is always the order's latest. Amounts in token base units, times in Unix seconds.
interface IDisputeCourt is IArbiterSets, ICourtPolicies {
    enum State {
        None,
        Open,
        Contested,
        Ruled,
        Appealed,
        Final
    }

    enum Side {
        None,
        Payer,
        Merchant
    }

    enum Reason {
        Other,
        NotReceived,
        NotAsDescribed,
        Fraud,
        Duplicate
    }

    /// @dev How an outcome came about.
    enum Basis {
        Panel,
        MerchantAccepted,
        PayerWithdrew,
        MerchantSilent,
        PanelSilent,
        AppealPanel,
        AppealPanelSilent,
        OfferAccepted,
        Agreed
    }

    /// @notice A dispute. `deadline` ends the state's window and is 0 once only the payment is left. `evidence`
    /// accumulates keccak256(evidence, party, hash). `stopAt` is the hard stop, known once the dispute is contested.
    /// Voters are bits by position in the set that ruled; they are paid at the end.
    struct Dispute {
        uint80 amount;
        uint80 award;
        uint40 deadline;
        uint24 setVersion;
        uint8 round;
        uint8 policyVersion;
        State state;
        bytes32 evidence;
        uint8 payerEvidence;
        uint8 merchantEvidence;
        uint40 stopAt;
        uint32 voters;
        uint32 appealVoters;
        bool isEscalated;
        Side appellant;
    }

    /// @notice A side's offer to settle for `amount` to the payer, good in its round until `deadline`.
    /// An offer of 0 is an offer: `isPresent` says whether there is one.
    struct Offer {
        uint80 amount;
        uint40 deadline;
        uint8 round;
        bool isPresent;
    }

    /// @notice A dispute was opened; the merchant has until `respondBy`.
    event DisputeOpened(
        bytes32 indexed disputeId,
        bytes32 indexed orderId,
        address indexed merchant,
        address payer,
        uint256 amount,
        Reason reason,
        bytes32 evidence,
        uint256 respondBy,
        uint256 disputeWord
    );

    /// @notice The merchant answered; the panel has until `ruleBy`, and everything ends after `stopAt`.
    event DisputeContested(
        bytes32 indexed disputeId,
        bytes32 evidence,
        uint256 ruleBy,
        uint256 stopAt,
        uint256 disputeWord
    );

    /// @notice A side added the document with this `hash`; `evidence` is what a vote must name from now on.
    event EvidenceSubmitted(
        bytes32 indexed disputeId,
        address indexed party,
        bytes32 hash,
        bytes32 evidence,
        uint256 disputeWord
    );

    /// @notice A side offers to settle for `amount` to the payer; its earlier offer is gone.
    event DisputeOffered(bytes32 indexed disputeId, Side side, uint256 amount, uint256 deadline, uint256 round);

    /// @notice A side took its offer back.
    event OfferWithdrawn(bytes32 indexed disputeId, Side side);

    /// @notice The outcome is decided: `award` goes to the payer. Either side may appeal until `appealBy`; 0 if no one
    /// may.
    event DisputeRuled(bytes32 indexed disputeId, uint256 award, Basis basis, uint256 appealBy, uint256 disputeWord);

    /// @notice The panel was silent; its backup has until `ruleBy`.
    event DisputeEscalated(
        bytes32 indexed disputeId,
        uint32 setId,
        uint256 setVersion,
        uint256 ruleBy,
        uint256 disputeWord
    );

    /// @notice A side put up a bond and appealed; the appeal panel has until `ruleBy`.
    event DisputeAppealed(
        bytes32 indexed disputeId,
        Side side,
        address account,
        uint256 bond,
        uint256 ruleBy,
        uint256 disputeWord
    );

    /// @notice The outcome was paid; the dispute is over.
    event DisputeFinalized(bytes32 indexed disputeId, bytes32 indexed orderId, uint256 award, uint256 disputeWord);

    /// @notice Thrown when the caller is not a party who may do this.
    error CourtForbidden(bytes32 disputeId, address caller);

    /// @notice Thrown when the dispute is not in the state that the call needs; `required` is the first that would do.
    error CourtStateWrong(bytes32 disputeId, State actual, State required);

    /// @notice Thrown when the moment for the call has passed; a deadline of 0 means that there was none.
    error CourtTooLate(bytes32 disputeId, uint256 deadline, uint256 nowSeconds);

    /// @notice Thrown when the other side's time is not over.
    error CourtTooEarly(bytes32 disputeId, uint256 deadline, uint256 nowSeconds);

    /// @notice Thrown when the votes were cast on other evidence than the court has.
    error CourtEvidenceStale(bytes32 disputeId, bytes32 voted, bytes32 actual);

    /// @notice Thrown when a side has submitted as much as the policy lets it.
    error CourtEvidenceTooMuch(bytes32 disputeId, uint256 submitted, uint256 limit);

    /// @notice Thrown when a share is above 10,000.
    error CourtBpsInvalid(uint256 payerBps, uint256 limit);

    /// @notice Thrown when the panel has no backup, or the backup was called before.
    error CourtBackupMissing(bytes32 disputeId);

    /// @notice Thrown when an offer is above the disputed amount.
    error CourtOfferTooHigh(bytes32 disputeId, uint256 amount, uint256 limit);

    /// @notice Thrown when the side has no offer of the present round.
    error CourtOfferMissing(bytes32 disputeId, Side side);

    /// @notice Thrown when the offer is another one than the caller accepts.
    error CourtOfferChanged(bytes32 disputeId, uint256 accepted, uint256 offered);

    /// @notice Thrown when a side did not sign the settlement.
    error CourtSignatureInvalid(bytes32 disputeId, address signer);

    /// @notice Opens a dispute over `amount` of an order and takes the opening bond from the payer.
    /// @dev Caller: the payer, or a key of its operator for the payer.
    function open(
        OrderTerms calldata terms,
        uint256 amount,
        Reason reason,
        bytes32 evidenceHash
    ) external returns (bytes32 disputeId);

    /// @notice The merchant, or a mandated operator for it, contests the dispute until the response is due.
    function contest(OrderTerms calldata terms, bytes32 evidenceHash) external;

    /// @notice The merchant, or a mandated operator for it, accepts: the payer gets everything.
    /// @dev Until the response is due; once contested, at any time before the end.
    function accept(OrderTerms calldata terms) external;

    /// @notice The payer gives up, at any time before the end: the merchant keeps everything.
    function withdraw(OrderTerms calldata terms) external;

    /// @notice Adds a document to the evidence while somebody still has to answer, or until half of a panel's time to
    /// rule is over.
    /// @dev Caller: the payer or a key of its operator for the payer's side, the merchant or a mandated operator for
    /// the merchant's. Warning: votes cast before are void, which is why each side has a cap.
    function submitEvidence(OrderTerms calldata terms, Side side, bytes32 evidenceHash) external;

    /// @notice Offers to settle for `amount` to the payer; replaces the caller's earlier offer.
    /// @dev Caller: the payer itself, or the merchant or a mandated operator for it. An operator cannot offer for the
    /// payer: acting for both, it could settle with itself.
    function offer(OrderTerms calldata terms, uint256 amount, uint40 deadline) external;

    /// @notice Takes the caller's offer back.
    function withdrawOffer(OrderTerms calldata terms) external;

    /// @notice Accepts the other side's offer, which must be of exactly `amount`. The outcome cannot be appealed.
    /// @dev Callers as in `offer`; the merchant only until its response is due, or after it has contested.
    function acceptOffer(OrderTerms calldata terms, uint256 amount) external;

    /// @notice Records a settlement that both sides signed (EIP-712 `SettlementOffer`). Anyone may call.
    /// @dev A side whose key was lost is the last of its successors, here and wherever a side calls.
    function agree(
        OrderTerms calldata terms,
        uint256 amount,
        uint40 deadline,
        bytes calldata payerSignature,
        bytes calldata merchantSignature
    ) external;

    /// @notice Records the ruling of the panel whose turn it is from its members' EIP-712 `Vote` signatures, all on one
    /// share and one state of the evidence, ordered by ascending signer. Anyone may call.
    function rule(OrderTerms calldata terms, uint256 payerBps, bytes32 evidence, bytes[] calldata signatures) external;

    /// @notice Calls the backup of a panel that was silent, once. Anyone may call.
    function escalate(OrderTerms calldata terms) external;

    /// @notice Puts up the appeal bond of a side and asks the appeal panel. Callers as in `submitEvidence`.
    function appeal(OrderTerms calldata terms, Side side) external;

    /// @notice Pays out the outcome once it is decided or somebody was silent for the whole time, and pays the bonds:
    /// to the members who voted, or back. Anyone may call.
    /// @dev `splits` are the order's, as the ledger wants them.
    function finalize(OrderTerms calldata terms, Split[] calldata splits) external;

    /// @notice A dispute; zeros if it does not exist.
    function disputeOf(bytes32 disputeId) external view returns (Dispute memory);

    /// @notice The id of the order's latest dispute; that of a dispute which does not exist if there was none.
    function disputeIdOf(OrderTerms calldata terms) external view returns (bytes32);

    /// @notice What a side last offered, of whatever round.
    function offerOf(bytes32 disputeId, Side side) external view returns (Offer memory);

    /// @notice The digest that a member of the panel signs (EIP-712 `Vote`).
    function voteDigest(
        bytes32 disputeId,
        uint256 round,
        uint256 payerBps,
        bytes32 evidence
    ) external view returns (bytes32);

    /// @notice The digest that both sides sign to settle (EIP-712 `SettlementOffer`).
    function offerDigest(
        bytes32 disputeId,
        uint256 amount,
        uint40 deadline,
        uint256 round
    ) external view returns (bytes32);
}
