// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../interfaces/IAccounts.sol";
import {IObligations} from "../interfaces/IObligations.sol";
import {AccountWord, AccountWordLibrary} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {ColdWord} from "../types/ColdWord.sol";
import {WordSlot} from "../types/WordSlot.sol";
import {Books} from "./Books.sol";

/// @title What an account owes and what is kept against it: reserve, debt, unpaid awards
/// @dev Nothing here ever takes from anybody but the account itself, whoever took its place once its key was lost, and
/// the guarantee fund of its book.
abstract contract Obligations is Books {
    /// @dev Bounds the awards paid in one go; the rest is paid by the next call.
    uint256 internal constant MAX_AWARDS = 8;

    uint256 private constant BUCKETS = 8;

    /// @dev A delay is four periods; what was withheld within a period leaves after four whole ones more.
    uint256 private constant PERIODS = 4;

    /// @dev One account in one book, as events name it.
    struct Place {
        bytes32 bookId;
        address operator;
        address token;
        address account;
    }

    function _placeOf(address operator, address token, address account) internal pure returns (Place memory) {
        return Place(_bookIdOf(operator, token), operator, token, account);
    }

    /// @dev Where the hot words of a book are: the slot of `_accounts[bookId]`.
    function _accountsOf(bytes32 bookId) internal pure returns (WordSlot) {
        WordSlot books;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            books := _accounts.slot
        }
        return books.ofKey(uint256(bookId));
    }

    function _creditAvailable(bytes32 bookId, address account, uint256 amount) internal returns (AccountWord word) {
        word = _accounts[bookId][account].addAvailable(amount);
        _accounts[bookId][account] = word;
    }

    function _creditPending(bytes32 bookId, address account, uint256 amount) internal returns (AccountWord word) {
        word = _accounts[bookId][account].addPending(amount);
        _accounts[bookId][account] = word;
    }

    /// @dev Takes up to `amount` from what the account has pending, then available, then in reserve, then from the
    /// guarantee fund, which makes it the account's debt. What is still short is returned.
    function _draw(Place memory place, uint256 amount) internal returns (AccountWord word, uint256 shortfall) {
        word = _accounts[place.bookId][place.account];
        uint256 fromPending = _min(amount, word.pending());
        uint256 fromAvailable = _min(amount - fromPending, word.available());
        shortfall = amount - fromPending - fromAvailable;
        word = word.subPending(fromPending).subAvailable(fromAvailable);
        _accounts[place.bookId][place.account] = word;
        if (shortfall == 0) return (word, 0);
        // Ends: what is still short after that is more than the successor has.
        if (_recall(place, shortfall) != 0) return _draw(place, shortfall);

        shortfall -= _drawReserve(place, shortfall);
        if (shortfall != 0) shortfall -= _incurDebt(place, shortfall);
        word = _flagCold(place);
    }

    /// @dev Brings back what a recovered account is short of from its successor, to whom its money went.
    function _recall(Place memory place, uint256 amount) internal returns (uint256 recalled) {
        address heir = REGISTRY.heirOf(place.account);
        if (heir == place.account) return 0;
        AccountWord word = _accounts[place.bookId][heir];
        uint256 fromPending = _min(amount, word.pending());
        uint256 fromAvailable = _min(amount - fromPending, word.available());
        recalled = fromPending + fromAvailable;
        if (recalled == 0) return 0;

        AccountWord heirWord = word.subPending(fromPending).subAvailable(fromAvailable);
        _accounts[place.bookId][heir] = heirWord;
        word = _accounts[place.bookId][place.account].addPending(fromPending).addAvailable(fromAvailable);
        _accounts[place.bookId][place.account] = word;

        emit IObligations.SuccessorDrawn(
            place.operator,
            place.account,
            heir,
            place.token,
            fromPending,
            fromAvailable,
            AccountWord.unwrap(word),
            AccountWord.unwrap(heirWord)
        );
    }

    /// @dev An award that nobody could pay yet waits in line ahead of every payout of the account that owes it.
    function _oweAward(Place memory place, address payer, bytes32 orderId, uint256 amount) internal {
        AwardQueue storage queue = _awards[place.bookId][place.account];
        // Cannot truncate: an award is part of an order's amount, a uint80.
        queue.entries[queue.next++] = UnpaidAward(payer, uint80(amount), orderId);
        queue.total += uint80(amount);
        ColdWord cold = _coldWords[place.bookId][place.account].withUnpaidAwards(true);
        _coldWords[place.bookId][place.account] = cold;
        _flagCold(place);

        emit IObligations.AwardDeferred(
            place.operator,
            place.account,
            payer,
            place.token,
            orderId,
            amount,
            queue.total
        );
    }

    /// @dev Pays unpaid awards, then debt, out of `money` of the account that its words no longer hold.
    function _meetObligations(Place memory place, uint256 money) internal returns (uint256 left) {
        ColdWord cold = _coldWords[place.bookId][place.account];
        left = money;
        if (cold.hasUnpaidAwards()) {
            left -= _payAwards(place, left);
            cold = _coldWords[place.bookId][place.account];
        }
        uint256 repaid = _min(left, cold.debt());
        // Payers come before the guarantee fund.
        if (repaid == 0 || cold.hasUnpaidAwards()) return left;

        cold = cold.withDebt(cold.debt() - repaid);
        _coldWords[place.bookId][place.account] = cold;
        IAccounts.Book storage book = _books[place.bookId];
        // Cannot overflow: the guarantee is part of the liabilities, a uint80.
        book.guarantee += uint80(repaid);
        left -= repaid;

        emit IAccounts.DebtRepaid(
            place.operator,
            place.account,
            place.token,
            repaid,
            book.guarantee,
            ColdWord.unwrap(cold)
        );
    }

    /// @dev Meets the account's obligations out of its available money.
    function _meetFromAvailable(Place memory place) internal returns (AccountWord word) {
        word = _accounts[place.bookId][place.account];
        if (!word.has(AccountWordLibrary.COLD)) return word;

        uint256 money = word.available();
        _accounts[place.bookId][place.account] = word.subAvailable(money);
        uint256 left = _meetObligations(place, money);
        _creditAvailable(place.bookId, place.account, left);
        word = _flagCold(place);

        emit IObligations.ObligationsMet(
            place.operator,
            place.account,
            place.token,
            money - left,
            AccountWord.unwrap(word)
        );
    }

    /// @dev Keeps the hot word's flag in step with the cold word.
    function _flagCold(Place memory place) internal returns (AccountWord word) {
        word = _accounts[place.bookId][place.account];
        AccountWord flagged = word.withCold(_coldWords[place.bookId][place.account].matters());
        if (AccountWord.unwrap(flagged) == AccountWord.unwrap(word)) return word;

        word = flagged;
        _accounts[place.bookId][place.account] = word;
    }

    /// @dev Puts the class's share of `amount` into the account's ring; the caller takes it off what is credited.
    function _withhold(Place memory place, bytes32 orderId, uint256 class, uint256 amount) internal returns (uint256) {
        uint256 withheld = BasisPoints.shareDown(amount, _holdbackClasses[class].bps);
        if (withheld == 0) return 0;

        _releaseClass(place, class);
        uint256 period = _periodOf(class);
        Reserve storage ring = _reserves[place.bookId][place.account][class];
        // Cannot truncate or overflow: a book never owes more than a uint80.
        ring.buckets[period % BUCKETS] += uint80(withheld);
        ring.period = uint40(period);
        ColdWord cold = _coldWords[place.bookId][place.account];
        cold = cold.withReserve(cold.reserve() + withheld, cold.classes() | (1 << class));
        _coldWords[place.bookId][place.account] = cold;
        _flagCold(place);

        emit IObligations.ReserveWithheld(
            orderId,
            place.account,
            place.operator,
            place.token,
            class,
            withheld,
            ColdWord.unwrap(cold)
        );
        return withheld;
    }

    /// @dev Moves what has matured in any class out of the reserve into pending.
    function _releaseMatured(Place memory place) internal returns (uint256 released) {
        uint256 classes = _coldWords[place.bookId][place.account].classes();
        for (uint256 class = 1; classes >> class != 0; ++class) {
            if ((classes >> class) & 1 != 0) released += _releaseClass(place, class);
        }
    }

    /// @dev Buckets whose four following periods are over. A ring untouched for eight periods is all mature.
    function _releaseClass(Place memory place, uint256 class) private returns (uint256 released) {
        Reserve storage ring = _reserves[place.bookId][place.account][class];
        uint256 last = ring.period;
        uint256 current = _periodOf(class);
        bool isEmpty = true;
        for (uint256 i; i < BUCKETS; ++i) {
            uint256 age = (last + BUCKETS - i) % BUCKETS;
            uint256 amount = ring.buckets[i];
            if (amount == 0) continue;
            if (last - age + PERIODS >= current) {
                isEmpty = false;
                continue;
            }
            released += amount;
            delete ring.buckets[i];
        }
        if (released == 0) return 0;

        ColdWord cold = _coldWords[place.bookId][place.account];
        uint256 classes = isEmpty ? cold.classes() & ~(uint256(1) << class) : cold.classes();
        cold = cold.withReserve(cold.reserve() - released, classes);
        _coldWords[place.bookId][place.account] = cold;
        AccountWord word = _creditPending(place.bookId, place.account, released);
        word = _flagCold(place);

        emit IObligations.ReserveReleased(
            place.operator,
            place.account,
            place.token,
            class,
            released,
            ColdWord.unwrap(cold),
            AccountWord.unwrap(word)
        );
    }

    function _periodOf(uint256 class) private view returns (uint256) {
        return (block.timestamp * PERIODS) / _holdbackClasses[class].delay;
    }

    /// @dev Takes up to `amount` out of the reserve, the oldest of each class first.
    function _drawReserve(Place memory place, uint256 amount) internal returns (uint256 drawn) {
        ColdWord cold = _coldWords[place.bookId][place.account];
        uint256 classes = cold.classes();
        for (uint256 class = 1; classes >> class != 0 && drawn < amount; ++class) {
            if ((classes >> class) & 1 != 0) {
                drawn += _drawClass(_reserves[place.bookId][place.account][class], amount - drawn);
            }
        }
        if (drawn == 0) return 0;

        cold = cold.withReserve(cold.reserve() - drawn, cold.reserve() == drawn ? 0 : classes);
        _coldWords[place.bookId][place.account] = cold;

        emit IObligations.ReserveDrawn(place.operator, place.account, place.token, drawn, ColdWord.unwrap(cold));
    }

    function _drawClass(Reserve storage ring, uint256 amount) private returns (uint256 drawn) {
        uint256 oldest = (uint256(ring.period) + 1) % BUCKETS;
        for (uint256 i; i < BUCKETS && drawn < amount; ++i) {
            uint256 bucket = (oldest + i) % BUCKETS;
            uint256 taken = _min(amount - drawn, ring.buckets[bucket]);
            // Cannot truncate: at most what the bucket holds.
            ring.buckets[bucket] -= uint80(taken);
            drawn += taken;
        }
    }

    /// @dev The guarantee fund pays up to what it has and what it advances for one account.
    function _incurDebt(Place memory place, uint256 shortfall) private returns (uint256 advanced) {
        IAccounts.Book storage book = _books[place.bookId];
        ColdWord cold = _coldWords[place.bookId][place.account];
        uint256 room = book.advanceLimit > cold.debt() ? book.advanceLimit - cold.debt() : 0;
        advanced = _min(shortfall, _min(book.guarantee, room));
        if (advanced == 0) return 0;

        cold = cold.withDebt(cold.debt() + advanced);
        _coldWords[place.bookId][place.account] = cold;
        // Cannot truncate: at most the guarantee itself.
        book.guarantee -= uint80(advanced);

        emit IAccounts.DebtIncurred(
            place.operator,
            place.account,
            place.token,
            advanced,
            book.guarantee,
            ColdWord.unwrap(cold)
        );
    }

    function _payAwards(Place memory place, uint256 money) private returns (uint256 paid) {
        AwardQueue storage queue = _awards[place.bookId][place.account];
        for (uint256 i; i < MAX_AWARDS && queue.first < queue.next && paid < money; ++i) {
            UnpaidAward storage award = queue.entries[queue.first];
            uint256 amount = _min(money - paid, award.amount);
            paid += amount;
            // Cannot truncate: at most the award itself, which is part of the total.
            queue.total -= uint80(amount);
            award.amount -= uint80(amount);
            AccountWord payerWord = _creditAvailable(place.bookId, award.payer, amount);

            emit IObligations.AwardPaid(
                place.operator,
                place.account,
                award.payer,
                place.token,
                award.orderId,
                amount,
                queue.total,
                AccountWord.unwrap(payerWord)
            );
            if (award.amount == 0) delete queue.entries[queue.first++];
        }
        if (queue.first == queue.next) {
            ColdWord cold = _coldWords[place.bookId][place.account].withUnpaidAwards(false);
            _coldWords[place.bookId][place.account] = cold;
        }
    }
}
