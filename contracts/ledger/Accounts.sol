// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {NetworkRoles} from "../access/NetworkRoles.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, ColdWord} from "../types/AccountWord.sol";
import {Vault} from "../vault/Vault.sol";

/// @title Balances and debt of participants at an operator
/// @dev In every book, available + pending + locked + capturable + guarantee = liabilities, at all times: only deposits,
/// withdrawals, payouts and payments into the guarantee fund change liabilities, everything else moves within them.
abstract contract Accounts is AccessManaged, ReentrancyGuardTransient, IAccounts {
    using SafeERC20 for IERC20;

    /// @dev Bounds `refresh`, which visits every book.
    uint256 internal constant MAX_BOOKS = 128;

    uint256 private constant SETTLER_BIT = 1 << 160;

    struct BookKey {
        address operator;
        address token;
    }

    IParticipantRegistry internal immutable REGISTRY;
    address private immutable VAULT_IMPLEMENTATION;

    mapping(address operator => mapping(address token => Book)) private _books;
    mapping(address operator => mapping(address token => mapping(address account => AccountWord))) private _accounts;
    mapping(address operator => mapping(address token => mapping(address account => ColdWord))) private _coldWords;
    mapping(address key => uint256 operatorAndSettler) private _authorities;
    BookKey[] private _bookKeys;
    address private _court;

    modifier onlyCourt() {
        require(msg.sender == _court, LedgerForbidden(msg.sender));
        _;
    }

    modifier onlySettler() {
        require(_authorities[msg.sender] & SETTLER_BIT != 0, LedgerForbidden(msg.sender));
        _;
    }

    constructor(address authority, address registry) AccessManaged(authority) {
        REGISTRY = IParticipantRegistry(registry);
        VAULT_IMPLEMENTATION = address(new Vault(address(this)));
    }

    /// @inheritdoc IAccounts
    function openBook(address operator, address token) external restricted returns (address vault) {
        Book storage book = _books[operator][token];
        require(book.vault == address(0), AccountsBookExists(operator, token));
        require(_bookKeys.length < MAX_BOOKS, AccountsTooManyBooks(MAX_BOOKS));

        bytes32 salt = bytes32(uint256(uint160(operator)));
        vault = Clones.predictDeterministicAddress(VAULT_IMPLEMENTATION, salt);
        if (vault.code.length == 0) Clones.cloneDeterministic(VAULT_IMPLEMENTATION, salt);
        book.vault = vault;
        book.openCycle = 1;
        _bookKeys.push(BookKey(operator, token));

        emit BookOpened(operator, token, vault);
    }

    /// @inheritdoc IAccounts
    function setCourt(address court_) external restricted {
        _court = court_;

        emit CourtSet(court_);
    }

    /// @inheritdoc IAccounts
    function syncAuthority(address key, address operator) external {
        IAccessManager manager = IAccessManager(authority());
        (bool actsForOperator, ) = manager.hasRole(NetworkRoles.operatorRole(operator), key);
        (bool isSettler, ) = manager.hasRole(NetworkRoles.SETTLER, key);

        address current = address(uint160(_authorities[key]));
        if (actsForOperator) current = operator;
        else if (current == operator) current = address(0);
        _authorities[key] = uint256(uint160(current)) | (isSettler ? SETTLER_BIT : 0);

        emit AuthoritySynced(key, current, isSettler);
    }

    /// @inheritdoc IAccounts
    function syncAccounts(address operator, address token, address[] calldata accounts) external {
        _requireBook(operator, token);

        for (uint256 i; i < accounts.length; ++i) {
            _sync(operator, token, accounts[i]);
        }
    }

    /// @inheritdoc IAccounts
    function refresh(address account) external {
        uint256 count = _bookKeys.length;
        for (uint256 i; i < count; ++i) {
            BookKey memory key = _bookKeys[i];
            if (AccountWord.unwrap(_accounts[key.operator][key.token][account]) == 0) continue;
            _sync(key.operator, key.token, account);
        }
    }

    /// @inheritdoc IAccounts
    function deposit(address operator, address token, address account, uint256 amount) external nonReentrant {
        _requireAmount(amount);
        _pull(operator, token, amount);

        _creditDeposit(operator, token, account, amount);
    }

    /// @inheritdoc IAccounts
    function depositBatch(address operator, address token, Deposit[] calldata deposits) external nonReentrant {
        uint256 total;
        for (uint256 i; i < deposits.length; ++i) {
            _requireAmount(deposits[i].amount);
            total += deposits[i].amount;
        }
        _pull(operator, token, total);

        for (uint256 i; i < deposits.length; ++i) {
            _creditDeposit(operator, token, deposits[i].account, deposits[i].amount);
        }
    }

    /// @inheritdoc IAccounts
    function withdraw(address operator, address token, uint256 amount) external nonReentrant {
        _requireAmount(amount);
        Book storage book = _requireBook(operator, token);
        AccountWord word = _repayFromAvailable(operator, token, msg.sender);
        require(_mayBePaid(word), AccountsNotActive(msg.sender, word.status()));
        require(amount <= word.available(), AccountsInsufficient(msg.sender, amount, word.available()));

        word = word.withBalances(word.available() - amount, word.pending());
        _accounts[operator][token][msg.sender] = word;
        // Cannot truncate or underflow: an account never holds more than its book owes.
        book.liabilities -= uint88(amount);

        emit Withdrawn(operator, msg.sender, token, msg.sender, amount, AccountWord.unwrap(word));

        IVault(book.vault).pay(token, msg.sender, amount);
        _requireSolvent(book, token);
    }

    /// @inheritdoc IAccounts
    function fundGuarantee(address operator, address token, uint256 amount) external nonReentrant {
        Book storage book = _pull(operator, token, amount);

        // Cannot truncate: the guarantee is part of the liabilities, which `_pull` keeps within a uint88.
        book.guarantee += uint88(amount);

        emit GuaranteeFunded(operator, token, msg.sender, amount, book.guarantee);
    }

    /// @inheritdoc IAccounts
    function bookOf(address operator, address token) external view returns (Book memory) {
        return _books[operator][token];
    }

    /// @inheritdoc IAccounts
    function accountWord(address operator, address token, address account) external view returns (uint256) {
        return AccountWord.unwrap(_accounts[operator][token][account]);
    }

    /// @inheritdoc IAccounts
    function coldWord(address operator, address token, address account) external view returns (uint256) {
        return ColdWord.unwrap(_coldWords[operator][token][account]);
    }

    /// @inheritdoc IAccounts
    function authorityOf(address key) external view returns (address operator, bool isSettler) {
        operator = address(uint160(_authorities[key]));
        isSettler = _authorities[key] & SETTLER_BIT != 0;
    }

    /// @inheritdoc IAccounts
    function court() external view returns (address) {
        return _court;
    }

    function _actsFor(address key, address operator) internal view returns (bool) {
        return operator != address(0) && address(uint160(_authorities[key])) == operator;
    }

    function _load(address operator, address token, address account) internal view returns (AccountWord) {
        return _accounts[operator][token][account];
    }

    function _store(address operator, address token, address account, AccountWord word) internal {
        _accounts[operator][token][account] = word;
    }

    function _openCycleOf(address operator, address token) internal view returns (uint24) {
        return _books[operator][token].openCycle;
    }

    function _requireBook(address operator, address token) internal view returns (Book storage book) {
        book = _books[operator][token];
        require(book.vault != address(0), AccountsBookUnknown(operator, token));
    }

    function _requireAmount(uint256 amount) internal pure {
        require(amount != 0 && amount <= type(uint80).max, AmountInvalid(amount, type(uint80).max));
    }

    /// @dev Statuses that may take their own money out: all but None, Pending, Frozen and Closed.
    function _mayBePaid(AccountWord word) internal pure returns (bool) {
        uint8 status = word.status();
        return
            status == uint8(IParticipantRegistry.Status.Active) ||
            status == uint8(IParticipantRegistry.Status.Restricted) ||
            status == uint8(IParticipantRegistry.Status.Closing);
    }

    function _creditAvailable(
        address operator,
        address token,
        address account,
        uint256 amount
    ) internal returns (AccountWord word) {
        word = _accounts[operator][token][account];
        word = word.withBalances(word.available() + amount, word.pending());
        _accounts[operator][token][account] = word;
    }

    function _creditPending(
        address operator,
        address token,
        address account,
        uint256 amount
    ) internal returns (AccountWord word) {
        word = _accounts[operator][token][account];
        word = word.withBalances(word.available(), word.pending() + amount);
        _accounts[operator][token][account] = word;
    }

    /// @dev Takes `amount` from what the account has pending, then available; the guarantee fund pays the rest, which
    /// becomes the account's debt. Never takes from anybody else.
    function _draw(
        address operator,
        address token,
        address account,
        uint256 amount
    ) internal returns (AccountWord word) {
        word = _accounts[operator][token][account];
        uint256 fromPending = amount < word.pending() ? amount : word.pending();
        uint256 rest = amount - fromPending;
        uint256 fromAvailable = rest < word.available() ? rest : word.available();
        uint256 shortfall = rest - fromAvailable;

        word = word.withBalances(word.available() - fromAvailable, word.pending() - fromPending);
        _accounts[operator][token][account] = word;
        if (shortfall != 0) _incurDebt(operator, token, account, shortfall);
    }

    /// @dev Pays debt out of `amount` of the account's own money, which the caller takes off its balances.
    function _repayDebt(
        address operator,
        address token,
        address account,
        uint256 amount
    ) internal returns (uint256 repaid, uint256 guarantee, ColdWord cold) {
        cold = _coldWords[operator][token][account];
        repaid = amount < cold.debt() ? amount : cold.debt();
        if (repaid == 0) return (0, 0, cold);

        Book storage book = _books[operator][token];
        cold = cold.withDebt(cold.debt() - repaid);
        _coldWords[operator][token][account] = cold;
        // Cannot overflow: the guarantee is part of the liabilities, a uint88.
        book.guarantee += uint88(repaid);
        guarantee = book.guarantee;
    }

    function _repayFromAvailable(address operator, address token, address account) internal returns (AccountWord word) {
        word = _accounts[operator][token][account];
        (uint256 repaid, uint256 guarantee, ColdWord cold) = _repayDebt(operator, token, account, word.available());
        if (repaid == 0) return word;

        word = word.withBalances(word.available() - repaid, word.pending());
        _accounts[operator][token][account] = word;

        emit DebtRepaid(operator, account, token, repaid, guarantee, ColdWord.unwrap(cold), AccountWord.unwrap(word));
    }

    /// @dev A vault may hold more than is owed (somebody sent tokens to it), never less.
    function _requireSolvent(Book storage book, address token) internal view {
        uint256 balance = IERC20(token).balanceOf(book.vault);
        require(balance >= book.liabilities, AccountsInsolvent(book.vault, balance, book.liabilities));
    }

    function _sync(address operator, address token, address account) private returns (AccountWord word) {
        (uint16 flags, uint40 kycUntil) = REGISTRY.standingOf(account, operator);
        word = _accounts[operator][token][account];
        if (word.openCycle() == 0) word = word.withOpenCycle(_books[operator][token].openCycle);
        word = word.withStanding(flags, kycUntil);
        _accounts[operator][token][account] = word;

        emit AccountSynced(operator, token, account, AccountWord.unwrap(word));
    }

    /// @dev Brings tokens in by exactly `amount` and counts them as owed; the caller says to whom.
    function _pull(address operator, address token, uint256 amount) private returns (Book storage book) {
        book = _requireBook(operator, token);
        require(amount != 0 && amount <= type(uint88).max, AmountInvalid(amount, type(uint88).max));
        uint256 liabilities = book.liabilities + amount;
        require(liabilities <= type(uint88).max, AccountsBookLimit(liabilities, type(uint88).max));

        // Cannot truncate: checked against uint88 above.
        book.liabilities = uint88(liabilities);

        address vault = book.vault;
        uint256 before = IERC20(token).balanceOf(vault);
        IERC20(token).safeTransferFrom(msg.sender, vault, amount);
        uint256 received = IERC20(token).balanceOf(vault) - before;
        require(received == amount, AccountsInexactTransfer(amount, received));
    }

    function _creditDeposit(address operator, address token, address account, uint256 amount) private {
        AccountWord word = _accounts[operator][token][account];
        if (word.flags() == 0) word = _sync(operator, token, account);
        uint8 status = word.status();
        require(
            status == uint8(IParticipantRegistry.Status.Active) ||
                status == uint8(IParticipantRegistry.Status.Restricted),
            AccountsNotActive(account, status)
        );

        word = _creditAvailable(operator, token, account, amount);

        emit Deposited(operator, account, token, msg.sender, amount, AccountWord.unwrap(word));
    }

    function _incurDebt(address operator, address token, address account, uint256 shortfall) private {
        Book storage book = _books[operator][token];
        uint256 guarantee = book.guarantee;
        require(shortfall <= guarantee, AccountsGuaranteeExhausted(account, shortfall, guarantee));
        ColdWord cold = _coldWords[operator][token][account];
        uint256 debt = cold.debt() + shortfall;
        require(debt <= type(uint80).max, AccountsDebtLimit(account, debt, type(uint80).max));

        cold = cold.withDebt(debt);
        _coldWords[operator][token][account] = cold;
        // Cannot truncate: the difference of a uint88 and something smaller.
        book.guarantee = uint88(guarantee - shortfall);

        emit DebtIncurred(operator, account, token, shortfall, guarantee - shortfall, ColdWord.unwrap(cold));
    }
}
