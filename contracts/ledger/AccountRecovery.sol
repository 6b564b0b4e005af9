// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedgerAdministration} from "../interfaces/ILedgerAdministration.sol";
import {IObligations} from "../interfaces/IObligations.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {ColdWord} from "../types/ColdWord.sol";
import {Obligations} from "./Obligations.sol";

/// @title What a recovered account has and owes goes to its successor
abstract contract AccountRecovery is Obligations {
    /// @dev Reserve stays where it is until it is released; then rebind again. Awards go first, a bounded number in one
    /// call, and no money before all of them.
    function _rebind(address operator, address token, address account) internal {
        address successor = REGISTRY.successorOf(account);
        require(successor != address(0), ILedgerAdministration.RebindUnknown(account));
        bytes32 bookId = _requireBook(operator, token);
        Place memory place = Place(bookId, operator, token, account);
        _meetFromAvailable(place);
        if (AccountWord.unwrap(_accounts[bookId][successor]) == 0) _sync(bookId, operator, token, successor);

        Place memory next = Place(bookId, operator, token, successor);
        if (!_moveAwards(place, next)) {
            _meetFromAvailable(next);
            return;
        }

        _moveDebt(place, successor);
        _moveBalances(place, successor);
        AccountWord word = _flagCold(place);
        AccountWord successorWord = _flagCold(next);

        emit ILedgerAdministration.AccountRebound(
            operator,
            account,
            successor,
            token,
            AccountWord.unwrap(word),
            AccountWord.unwrap(successorWord),
            ColdWord.unwrap(_coldWords[bookId][account]),
            ColdWord.unwrap(_coldWords[bookId][successor])
        );
    }

    /// @dev Awards that the account owes line up behind those that its successor owes already.
    function _moveAwards(Place memory place, Place memory next) private returns (bool isDone) {
        AwardQueue storage queue = _awards[place.bookId][place.account];
        for (uint256 i; i < MAX_AWARDS && queue.first < queue.next; ++i) {
            UnpaidAward memory award = queue.entries[queue.first];
            delete queue.entries[queue.first++];
            queue.total -= award.amount;

            emit IObligations.AwardMoved(
                place.operator,
                place.account,
                next.account,
                place.token,
                award.payer,
                award.orderId,
                award.amount,
                queue.total
            );

            _oweAward(next, award.payer, award.orderId, award.amount);
        }
        isDone = queue.first == queue.next;
        if (!isDone) return false;

        ColdWord cold = _coldWords[place.bookId][place.account].withUnpaidAwards(false);
        _coldWords[place.bookId][place.account] = cold;
    }

    function _moveDebt(Place memory place, address successor) private {
        ColdWord cold = _coldWords[place.bookId][place.account];
        ColdWord successorCold = _coldWords[place.bookId][successor];
        // What the word cannot hold stays behind.
        uint256 moved = _min(cold.debt(), type(uint80).max - successorCold.debt());
        if (moved == 0) return;

        _coldWords[place.bookId][successor] = successorCold.withDebt(successorCold.debt() + moved);
        _coldWords[place.bookId][place.account] = cold.withDebt(cold.debt() - moved);
    }

    /// @dev Fees are the operator's and go to it at the next settlement of the old account.
    function _moveBalances(Place memory place, address successor) private {
        mapping(address account => AccountWord) storage accounts = _accounts[place.bookId];
        AccountWord word = accounts[place.account];
        accounts[successor] = accounts[successor]
            .addAvailable(word.available())
            .addPending(word.pending())
            .withExposure(word.exposedUntil());
        accounts[place.account] = word.subAvailable(word.available()).subPending(word.pending());
    }
}
