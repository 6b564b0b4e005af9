// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {ColdWord} from "../types/ColdWord.sol";
import {Obligations} from "./Obligations.sol";

/// @title Money that comes in ahead of orders, and that its owners take out
abstract contract Deposits is Obligations, IAccounts {
    using SafeERC20 for IERC20;

    /// @inheritdoc IAccounts
    function deposit(address operator, address token, address account, uint256 amount) external nonReentrant {
        _requireAmount(amount);
        bytes32 bookId = _pull(operator, token, amount);

        _creditDeposit(bookId, operator, token, Deposit(account, amount));
    }

    /// @inheritdoc IAccounts
    function depositBatch(address operator, address token, Deposit[] calldata deposits) external nonReentrant {
        uint256 total;
        for (uint256 i; i < deposits.length; ++i) {
            _requireAmount(deposits[i].amount);
            total += deposits[i].amount;
        }
        bytes32 bookId = _pull(operator, token, total);

        for (uint256 i; i < deposits.length; ++i) {
            _creditDeposit(bookId, operator, token, deposits[i]);
        }
    }

    /// @inheritdoc IAccounts
    function withdraw(address operator, address token, uint256 amount) external nonReentrant {
        _requireAmount(amount);
        bytes32 bookId = _requireBook(operator, token);
        AccountWord word = _meetFromAvailable(Place(bookId, operator, token, msg.sender));
        require(_mayBePaid(word), AccountsNotActive(msg.sender, word.status()));
        require(amount <= word.available(), AccountsInsufficient(msg.sender, amount, word.available()));
        if (word.has(AccountWordLibrary.COLD)) _requireAwardsPaid(bookId, msg.sender);

        word = word.subAvailable(amount);
        _accounts[bookId][msg.sender] = word;
        Book storage book = _books[bookId];
        // Cannot truncate or underflow: an account never holds more than its book owes.
        book.liabilities -= uint80(amount);

        emit Withdrawn(operator, msg.sender, token, msg.sender, amount, AccountWord.unwrap(word));

        IVault(book.vault).pay(token, msg.sender, amount);
        _requireSolvent(book, token);
    }

    /// @inheritdoc IAccounts
    function fundGuarantee(address operator, address token, uint256 amount) external nonReentrant {
        bytes32 bookId = _pull(operator, token, amount);

        Book storage book = _books[bookId];
        // Cannot truncate: the guarantee is part of the liabilities, which `_pull` keeps within a uint80.
        book.guarantee += uint80(amount);

        emit GuaranteeFunded(operator, token, msg.sender, amount, book.guarantee);
    }

    /// @inheritdoc IAccounts
    function bookOf(address operator, address token) external view returns (Book memory) {
        return _books[_bookIdOf(operator, token)];
    }

    /// @inheritdoc IAccounts
    function accountWord(address operator, address token, address account) external view returns (uint256) {
        return AccountWord.unwrap(_accounts[_bookIdOf(operator, token)][account]);
    }

    /// @inheritdoc IAccounts
    function coldWord(address operator, address token, address account) external view returns (uint256) {
        return ColdWord.unwrap(_coldWords[_bookIdOf(operator, token)][account]);
    }

    function _requireAwardsPaid(bytes32 bookId, address account) private view {
        uint256 total = _awards[bookId][account].total;
        require(total == 0, AccountsAwardsUnpaid(account, total));
    }

    /// @dev Brings tokens in by exactly `amount` and counts them as owed; the caller says to whom.
    function _pull(address operator, address token, uint256 amount) private returns (bytes32 bookId) {
        _requireNotPaused(PAUSE_INFLOW);
        bookId = _requireBook(operator, token);
        require(amount != 0 && amount <= type(uint80).max, AmountInvalid(amount, type(uint80).max));
        Book storage book = _books[bookId];
        _addLiabilities(book, amount);

        address vault = book.vault;
        uint256 before = IERC20(token).balanceOf(vault);
        IERC20(token).safeTransferFrom(msg.sender, vault, amount);
        uint256 received = IERC20(token).balanceOf(vault) - before;
        require(received == amount, AccountsInexactTransfer(amount, received));
    }

    function _creditDeposit(bytes32 bookId, address operator, address token, Deposit memory credit) private {
        AccountWord word = _accounts[bookId][credit.account];
        if (AccountWord.unwrap(word) == 0) word = _sync(bookId, operator, token, credit.account);
        uint8 status = word.status();
        require(
            status == uint8(IParticipantRegistry.Status.Active) ||
                status == uint8(IParticipantRegistry.Status.Restricted),
            AccountsNotActive(credit.account, status)
        );

        word = _creditAvailable(bookId, credit.account, credit.amount);

        emit Deposited(operator, credit.account, token, msg.sender, credit.amount, AccountWord.unwrap(word));
    }
}
