// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IObligations} from "../interfaces/IObligations.sol";
import {ISettlementCycles} from "../interfaces/ISettlementCycles.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {WordSlot} from "../types/WordSlot.sol";
import {Obligations} from "./Obligations.sol";

/// @title Settlement cycles, payouts and what comes before them
abstract contract SettlementCycles is Obligations, ISettlementCycles, IObligations {
    /// @dev Enough for any well-behaved ERC-20 transfer through the vault; a hungrier token is held, not paid.
    uint256 private constant PAY_GAS = 250_000;

    /// @dev Bytes of a failed transfer's cause that are kept: any error of ours or of a usual token fits.
    uint256 private constant MAX_REASON = 256;

    modifier onlySettler() {
        require(_authorities[msg.sender] & SETTLER_BIT != 0, IAccounts.LedgerForbidden(msg.sender));
        _;
    }

    /// @inheritdoc ISettlementCycles
    function closeCycle(
        address operator,
        address token,
        uint256 cycle,
        address[] calldata merchants
    ) external onlySettler {
        bytes32 bookId = _requireBook(operator, token);
        Cycle storage record = _cutOff(bookId, operator, token, cycle);

        Place memory place = Place(bookId, operator, token, address(0));
        WordSlot accounts = _accountsOf(bookId);
        uint256 fees;
        uint256 nets;
        uint256 statements;
        for (uint256 i; i < merchants.length; ++i) {
            place.account = merchants[i];
            (bool isSettled, uint256 net, uint256 fee) = _settle(place, accounts, cycle);
            if (!isSettled) continue;
            // Cannot overflow: the nets and fees of a book are part of what it owes, a uint80.
            unchecked {
                fees += fee;
                nets += net;
                ++statements;
            }
        }
        // Cannot truncate: the nets of a book are at most what it owes, a uint80; statements are bounded by gas.
        record.settledAt = uint40(block.timestamp);
        record.statements += uint32(statements);
        record.net += uint80(nets);
        if (fees == 0) return;

        AccountWord operatorWord = _creditAvailable(bookId, operator, fees);

        emit FeesSettled(operator, token, cycle, fees, AccountWord.unwrap(operatorWord));
    }

    /// @inheritdoc ISettlementCycles
    function publishStatements(address operator, address token, uint256 cycle, bytes32 root) external onlySettler {
        Cycle storage record = _cycles[_requireBook(operator, token)][cycle];
        require(root != 0 && record.closedAt != 0 && record.root == 0, CycleNotPublishable(cycle, record.root));

        record.root = root;

        emit StatementsPublished(operator, token, cycle, record.statements, record.net, root);
    }

    /// @inheritdoc ISettlementCycles
    function payout(address operator, address token, address[] calldata merchants) external nonReentrant onlySettler {
        _requireNotPaused(PAUSE_PAYOUT);
        bytes32 bookId = _requireBook(operator, token);

        for (uint256 i; i < merchants.length; ++i) {
            _payOut(Place(bookId, operator, token, merchants[i]));
        }
        _requireSolvent(_books[bookId], token);
    }

    /// @inheritdoc IObligations
    function releaseReserve(address operator, address token, address account) external {
        _releaseMatured(Place(_requireBook(operator, token), operator, token, account));
    }

    /// @inheritdoc IObligations
    function meetObligations(address operator, address token, address account) external {
        _meetFromAvailable(Place(_requireBook(operator, token), operator, token, account));
    }

    /// @inheritdoc ISettlementCycles
    function cycleOf(address operator, address token, uint256 cycle) external view returns (Cycle memory) {
        return _cycles[_bookIdOf(operator, token)][cycle];
    }

    /// @inheritdoc IObligations
    function reserveOf(
        address operator,
        address token,
        address account,
        uint256 holdbackClass
    ) external view returns (uint80[8] memory buckets, uint256 period) {
        Reserve storage ring = _reserves[_bookIdOf(operator, token)][account][holdbackClass];
        return (ring.buckets, ring.period);
    }

    /// @inheritdoc IObligations
    function unpaidAwardsOf(
        address operator,
        address token,
        address account
    ) external view returns (uint256 count, uint256 total) {
        AwardQueue storage queue = _awards[_bookIdOf(operator, token)][account];
        return (queue.next - queue.first, queue.total);
    }

    /// @dev The first call for the open cycle ends it; later ones settle more merchants until its root is published.
    function _cutOff(
        bytes32 bookId,
        address operator,
        address token,
        uint256 cycle
    ) private returns (Cycle storage record) {
        IAccounts.Book storage book = _books[bookId];
        uint256 openCycle = book.openCycle;
        record = _cycles[bookId][cycle];
        require(cycle != 0 && cycle <= openCycle && record.root == 0, CycleNotOpen(cycle, openCycle));
        if (cycle != openCycle) return record;

        // Cannot truncate within the life of any chain: one cycle a second lasts half a year, one a minute 31 years.
        book.openCycle = uint24(openCycle + 1);
        record.closedAt = uint40(block.timestamp);

        emit CycleClosed(operator, token, cycle, block.timestamp);
    }

    /// @dev Every later capture falls into the next cycle, so what is settled here is exactly what came before.
    function _settle(
        Place memory place,
        WordSlot accounts,
        uint256 cycle
    ) private returns (bool isSettled, uint256 net, uint256 fees) {
        WordSlot slot = accounts.ofKey(uint160(place.account));
        AccountWord word = AccountWord.wrap(slot.load());
        if (word.openCycle() > cycle || AccountWord.unwrap(word) == 0) return (false, 0, 0);

        if (word.has(AccountWordLibrary.COLD)) {
            _releaseMatured(place);
            word = AccountWord.wrap(slot.load());
        }
        net = word.pending();
        fees = word.fees();
        uint256 left = net;
        if (word.has(AccountWordLibrary.COLD)) {
            left = _meetObligations(place, net);
            word = AccountWord.wrap(slot.load());
        }
        // Cannot overflow: both are part of what the book owes; a cycle is a uint24 that the book has reached.
        unchecked {
            word = word.settled(word.available() + left, cycle + 1);
        }
        if (left != net) word = word.withCold(_coldWords[place.bookId][place.account].matters());
        slot.store(AccountWord.unwrap(word));
        isSettled = true;

        emit NetSettled(place.operator, place.account, cycle, place.token, net, fees, AccountWord.unwrap(word));
    }

    function _payOut(Place memory place) private {
        AccountWord word = _meetFromAvailable(place);
        uint256 amount = word.available();
        if (amount == 0) return;

        address to = REGISTRY.payoutAddressOf(place.account);
        bytes memory cause = _refusePayout(place, word);
        if (cause.length != 0) {
            emit PayoutHeld(place.operator, place.account, place.token, to, amount, cause);
            return;
        }
        // A call is given at most 63/64 of the gas that is left; with less than this it would fail for want of gas.
        require(gasleft() > PAY_GAS + PAY_GAS / 32, PayoutGasTooLow(gasleft(), PAY_GAS + PAY_GAS / 32));

        // Taken off before the token is called, so that whatever the receiver does meanwhile finds the truth.
        _accounts[place.bookId][place.account] = word.subAvailable(amount);
        IAccounts.Book storage book = _books[place.bookId];
        // Cannot truncate or underflow: an account never holds more than its book owes.
        book.liabilities -= uint80(amount);

        (bool isPaid, bytes memory reason) = _pay(book.vault, place.token, to, amount);
        if (isPaid) {
            // Loaded again: the receiver may have been credited meanwhile.
            word = _accounts[place.bookId][place.account];
            emit PayoutPaid(place.operator, place.account, place.token, to, amount, AccountWord.unwrap(word));
        } else {
            _creditAvailable(place.bookId, place.account, amount);
            book.liabilities += uint80(amount);

            emit PayoutHeld(place.operator, place.account, place.token, to, amount, reason);
        }
    }

    function _refusePayout(Place memory place, AccountWord word) private view returns (bytes memory) {
        if (!_mayBePaid(word)) {
            return abi.encodeWithSelector(IAccounts.AccountsNotActive.selector, place.account, word.status());
        }
        if (!word.has(AccountWordLibrary.COLD)) return "";
        uint256 unpaid = _awards[place.bookId][place.account].total;
        if (unpaid == 0) return "";
        return abi.encodeWithSelector(IAccounts.AccountsAwardsUnpaid.selector, place.account, unpaid);
    }

    /// @dev Never reverts, and takes no more of the cause than `MAX_REASON`: copying all of it would be paid by everyone
    /// else in the batch.
    function _pay(
        address vault,
        address token,
        address to,
        uint256 amount
    ) private returns (bool isPaid, bytes memory reason) {
        bytes memory payment = abi.encodeCall(IVault.pay, (token, to, amount));
        uint256 gasLimit = PAY_GAS;
        uint256 most = MAX_REASON;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            isPaid := call(gasLimit, vault, 0, add(payment, 32), mload(payment), 0, 0)
            let size := returndatasize()
            if gt(size, most) {
                size := most
            }
            reason := mload(0x40)
            mstore(reason, size)
            returndatacopy(add(reason, 32), 0, size)
            mstore(0x40, add(add(reason, 32), and(add(size, 31), not(31))))
        }
    }
}
