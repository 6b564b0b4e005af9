// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IDisputeLocks} from "../interfaces/IDisputeLocks.sol";
import {ILedgerAdministration} from "../interfaces/ILedgerAdministration.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementCycles} from "../interfaces/ISettlementCycles.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {ColdWord} from "../types/ColdWord.sol";
import {OrderWord} from "../types/OrderWord.sol";

/// @title Everything that the ledger stores, and how it is found
/// @dev The ledger is one contract at one address whose code is in parts: `SettlementLedger` has the verbs that every
/// order passes, and hands the others to its parts by delegatecall. All of them start with this storage and add none.
/// In every book, available + pending + fees + reserve + locked + bonds + capturable + guarantee = liabilities, always.
abstract contract Books is AccessManaged, ReentrancyGuardTransient, EIP712 {
    uint256 internal constant SETTLER_BIT = 1 << 160;
    uint256 internal constant PAUSED_SHIFT = 168;

    uint8 internal constant PAUSE_INFLOW = 1;
    uint8 internal constant PAUSE_CAPTURE = 2;
    uint8 internal constant PAUSE_PAYOUT = 4;

    /// @dev The longest that money is held, and after that refundable or disputable, in seconds.
    uint256 internal constant MAX_HOLD = 180 days;

    struct BookKey {
        address operator;
        address token;
    }

    /// @dev A ring of eight buckets of what a holdback class withheld from an account: bucket `period % 8` holds what
    /// was withheld in that period, of a quarter of the class's delay each. `period` is the last one withheld in.
    struct Reserve {
        uint80[8] buckets;
        uint40 period;
    }

    struct UnpaidAward {
        address payer;
        uint80 amount;
        bytes32 orderId;
    }

    /// @dev First in, first out: entries from `first` on, before `next`, are unpaid. What is owed may exceed what a book
    /// can hold at a time: `total` has room for as many awards as there are positions.
    struct AwardQueue {
        uint64 first;
        uint64 next;
        uint128 total;
        mapping(uint256 position => UnpaidAward) entries;
    }

    IParticipantRegistry internal immutable REGISTRY;

    mapping(bytes32 bookId => IAccounts.Book) internal _books;
    mapping(bytes32 bookId => mapping(address account => AccountWord)) internal _accounts;
    mapping(bytes32 bookId => mapping(address account => ColdWord)) internal _coldWords;
    mapping(bytes32 orderId => OrderWord) internal _orders;
    mapping(bytes32 orderId => uint256 seconds_) internal _shifts;
    mapping(address key => uint256 operatorSettlerPausedAndPlace) internal _authorities;
    mapping(bytes32 bookId => mapping(address account => mapping(uint256 class => Reserve))) internal _reserves;
    mapping(bytes32 bookId => mapping(address account => AwardQueue)) internal _awards;
    mapping(bytes32 bookId => mapping(uint256 cycle => ISettlementCycles.Cycle)) internal _cycles;
    mapping(bytes32 disputeId => IDisputeLocks.Lock) internal _locks;
    mapping(bytes32 disputeId => uint256 amount) internal _bonds;
    mapping(uint256 class => ILedgerAdministration.HoldbackClass) internal _holdbackClasses;
    mapping(address collector => bool) internal _collectors;
    mapping(bytes32 seizureId => ILedgerAdministration.Seizure) internal _seizures;
    BookKey[] internal _bookKeys;
    address[] internal _keys;
    address[] internal _courts;
    address internal _court;
    uint8 internal _courtIndex;
    uint8 internal _paused;

    constructor(address authority, address registry) AccessManaged(authority) EIP712("Rialto", "1") {
        REGISTRY = IParticipantRegistry(registry);
    }

    /// @dev keccak256(abi.encode(operator, token)), in scratch space.
    function _bookIdOf(address operator, address token) internal pure returns (bytes32 bookId) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(0, shr(96, shl(96, operator)))
            mstore(32, shr(96, shl(96, token)))
            bookId := keccak256(0, 64)
        }
    }

    function _requireBook(address operator, address token) internal view returns (bytes32 bookId) {
        bookId = _bookIdOf(operator, token);
        require(_books[bookId].vault != address(0), IAccounts.AccountsBookUnknown(operator, token));
    }

    function _actsFor(address key, address operator) internal view returns (bool) {
        return operator != address(0) && address(uint160(_authorities[key])) == operator;
    }

    /// @dev Whether the caller is the account, or who took its place once its key was lost: then the key itself, whose
    /// account is closed, speaks for it no more.
    function _isParty(bytes32 bookId, address account) internal view returns (bool) {
        if (msg.sender != account) return account != address(0) && REGISTRY.heirOf(account) == msg.sender;
        return _accounts[bookId][account].status() != uint8(IParticipantRegistry.Status.Closed);
    }

    function _requireNotPaused(uint8 region) internal view {
        require(_paused & region == 0, IAccounts.LedgerPaused(region, _paused));
    }

    function _requireAmount(uint256 amount) internal pure {
        require(amount != 0 && amount <= type(uint80).max, IAccounts.AmountInvalid(amount, type(uint80).max));
    }

    /// @dev Statuses that may take their own money out: all but None, Pending, Frozen and Closed.
    function _mayBePaid(AccountWord word) internal pure returns (bool) {
        uint8 status = word.status();
        return
            status == uint8(IParticipantRegistry.Status.Active) ||
            status == uint8(IParticipantRegistry.Status.Restricted) ||
            status == uint8(IParticipantRegistry.Status.Closing);
    }

    /// @dev A vault may hold more than is owed (somebody sent tokens to it), never less.
    function _requireSolvent(IAccounts.Book storage book, address token) internal view {
        uint256 balance = IERC20(token).balanceOf(book.vault);
        require(balance >= book.liabilities, IAccounts.AccountsInsolvent(book.vault, balance, book.liabilities));
    }

    /// @dev Counts `amount` as owed before it comes in; the caller checks that exactly that came.
    function _addLiabilities(IAccounts.Book storage book, uint256 amount) internal {
        uint256 liabilities = book.liabilities + amount;
        uint256 limit = (uint256(1) << book.capBits) - 1;
        require(liabilities <= limit, IAccounts.AccountsBookLimit(liabilities, limit));

        // Cannot truncate: a cap has at most 80 bits.
        book.liabilities = uint80(liabilities);
    }

    /// @dev Copies the registry's standing of an account into its word, opening it if need be.
    function _sync(
        bytes32 bookId,
        address operator,
        address token,
        address account
    ) internal returns (AccountWord word) {
        (uint16 flags, uint40 kycUntil) = REGISTRY.standingOf(account, operator);
        word = _accounts[bookId][account];
        if (word.openCycle() == 0) word = word.withOpenCycle(_books[bookId].openCycle);
        word = word.withStanding(flags, kycUntil);
        _accounts[bookId][account] = word;

        emit IAccounts.AccountSynced(operator, token, account, AccountWord.unwrap(word));
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
