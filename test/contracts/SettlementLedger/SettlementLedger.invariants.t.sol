// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccounts} from "../../../contracts/interfaces/IAccounts.sol";
import {IDisputeLocks} from "../../../contracts/interfaces/IDisputeLocks.sol";
import {AccountWord} from "../../../contracts/types/AccountWord.sol";
import {ColdWord} from "../../../contracts/types/ColdWord.sol";
import {OrderTerms} from "../../../contracts/types/OrderTerms.sol";
import {OrderWord} from "../../../contracts/types/OrderWord.sol";
import {LedgerHandler} from "../support/LedgerHandler.sol";

/// @dev Letters are those of docs/invariants.md.
contract SettlementLedgerInvariants {
    address private constant OPERATOR = address(0x0be7a702);

    /// @dev Two merchants, the fee receiver, the operator and the courier come first among the earners.
    uint256 private constant ORDER_EARNERS = 5;

    LedgerHandler private _handler;

    error BookUnbalanced(address token, uint256 liabilities, uint256 claims, uint256 vaultBalance);
    error OrderOutOfBounds(uint256 index, uint256 word);
    error TerminalChanged(uint256 index, uint256 word, uint256 terminalWord);
    error PayerClaimWrong(address token, uint256 available, uint256 unpaid, uint256 claims);
    error ShareWrong(address account, address token, uint256 got, uint256 due);
    error ReserveWrong(address account, address token, uint256 buckets, uint256 total);
    error DebtUnfunded(address token, uint256 debt, uint256 guarantee, uint256 funded);
    error StatementsWrong(address token, uint256 nets, uint256 moved);
    error RuleBroken(bool withoutConsent, bool whileStopped, bool whileInsolvent);
    error SomebodyBlocked(bool settlementWasBlocked, bool exitWasRefused);

    function setUp() public {
        _handler = new LedgerHandler();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev (a), (d): in every book the vault holds what the ledger owes, and that is the sum of all claims; what is
    /// missing from the guarantee is somebody's debt.
    function invariant_a_booksBalance() public view {
        for (uint256 i; i < 2; ++i) _requireBalanced(address(_handler.tokenAt(i)));
    }

    /// @dev (b): captured, voided and reclaimed within the amount; refunded and awarded within what was captured.
    function invariant_b_ordersKeepWithinTheirAmounts() public view {
        uint256 count = _handler.orderCount();
        for (uint256 i; i < count; ++i) {
            LedgerHandler.Record memory record = _handler.recordAt(i);
            OrderWord word = _handler.wordAt(i);
            uint256 spent = record.captured + record.voided + record.reclaimed;
            uint256 returned = record.refunded + record.awarded;
            bool holds =
                spent + word.capturable() == _handler.termsAt(i).amount &&
                    returned + word.refundable() == record.captured;
            require(holds, OrderOutOfBounds(i, OrderWord.unwrap(word)));
        }
    }

    /// @dev (c): a payer's balance is changed by that payer's own orders and by nothing else; what an award is short of
    /// waits in line and is counted.
    function invariant_c_payersKeepTheirClaims() public view {
        address[] memory payers = _handler.payers();
        for (uint256 i; i < 2; ++i) {
            address token = address(_handler.tokenAt(i));
            uint256 available;
            uint256 claims;
            for (uint256 j; j < payers.length; ++j) {
                AccountWord word = _wordOf(token, payers[j]);
                uint256 claim = _handler.payerClaim(token, payers[j]);
                bool holds = word.available() <= claim && word.pending() == 0 && _debtOf(token, payers[j]) == 0;
                require(holds, PayerClaimWrong(token, word.available(), 0, claim));
                available += word.available();
                claims += claim;
            }
            uint256 unpaid = _unpaidIn(token);
            require(available + unpaid == claims, PayerClaimWrong(token, available, unpaid, claims));
        }
    }

    /// @dev (e): the nets of all closed cycles are what closings took out of pending.
    function invariant_e_statementsAddUp() public view {
        for (uint256 i; i < 2; ++i) {
            address token = address(_handler.tokenAt(i));
            uint256 openCycle = _handler.LEDGER().bookOf(OPERATOR, token).openCycle;
            uint256 nets;
            for (uint256 cycle = 1; cycle < openCycle; ++cycle) {
                nets += _handler.LEDGER().cycleOf(OPERATOR, token, cycle).net;
            }
            uint256 moved = _handler.pendingMoved(token);
            require(nets == moved, StatementsWrong(token, nets, moved));
        }
    }

    /// @dev (f): merchants and the fee receiver have got, in whatever pieces, what the totals of their orders say.
    function invariant_f_everyoneGetsTheirShare() public view {
        for (uint256 i; i < 2; ++i) {
            address token = address(_handler.tokenAt(i));
            address[] memory accounts = _handler.earners();
            for (uint256 j; j < accounts.length; ++j) {
                uint256 got = _handler.tokenAt(i).balanceOf(accounts[j]) + _claimOf(token, accounts[j]);
                uint256 due = _handler.dueTo(token, accounts[j]) + _owedBy(token, accounts[j]);
                // Arbiters earn bonds beside, which (a) counts.
                bool holds = j < ORDER_EARNERS ? got == due : due == 0;
                require(holds, ShareWrong(accounts[j], token, got, due));
            }
        }
    }

    /// @dev (g): an order that ended never changes again.
    function invariant_g_terminalIsTerminal() public view {
        uint256 count = _handler.orderCount();
        for (uint256 i; i < count; ++i) {
            uint256 terminalWord = _handler.recordAt(i).terminalWord;
            uint256 word = OrderWord.unwrap(_handler.wordAt(i));
            require(terminalWord == 0 || word == terminalWord, TerminalChanged(i, word, terminalWord));
        }
    }

    /// @dev (h), (i): a due reclaim is never refused, and no party's standing stops a close or a payout.
    function invariant_h_nobodyIsBlocked() public view {
        (bool blocked, bool refused) = (_handler.settlementWasBlocked(), _handler.exitWasRefused());
        require(!blocked && !refused, SomebodyBlocked(blocked, refused));
    }

    /// @dev (j): no operator does anything without the merchant's consent, nothing passes a stop but what is exempt from
    /// it, and nothing leaves a vault that lacks what it owes.
    function invariant_j_consentFirst() public view {
        bool withoutConsent = _handler.consentWasIgnored();
        bool whileStopped = _handler.stopWasIgnored();
        bool whileInsolvent = _handler.shortfallWasIgnored();
        require(
            !withoutConsent && !whileStopped && !whileInsolvent,
            RuleBroken(withoutConsent, whileStopped, whileInsolvent)
        );
    }

    function _requireBalanced(address token) private view {
        IAccounts.Book memory book = _handler.LEDGER().bookOf(OPERATOR, token);
        uint256 claims = book.guarantee;
        uint256 debt;
        address[] memory accounts = _handler.accounts();
        for (uint256 i; i < accounts.length; ++i) {
            AccountWord word = _wordOf(token, accounts[i]);
            claims += word.available() + word.pending() + word.fees() + _reserveOf(token, accounts[i]);
            debt += _debtOf(token, accounts[i]);
        }
        uint256 count = _handler.orderCount();
        for (uint256 i; i < count; ++i) {
            if (_handler.termsAt(i).token != token) continue;
            bytes32 disputeId = _handler.recordAt(i).disputeId;
            claims += _handler.wordAt(i).capturable() + _lockedIn(disputeId) + _handler.LEDGER().bondOf(disputeId);
        }

        uint256 balance = _handler.tokenAt(address(_handler.tokenAt(0)) == token ? 0 : 1).balanceOf(book.vault);
        bool holds = book.liabilities == claims && balance == book.liabilities;
        require(holds, BookUnbalanced(token, book.liabilities, claims, balance));
        uint256 funded = _handler.guaranteeFunded(token);
        require(debt + book.guarantee == funded, DebtUnfunded(token, debt, book.guarantee, funded));
    }

    function _claimOf(address token, address account) private view returns (uint256 claim) {
        AccountWord word = _wordOf(token, account);
        claim = word.available() + word.pending() + _reserveOf(token, account);
        if (account == OPERATOR) {
            address[] memory accounts = _handler.earners();
            for (uint256 i; i < accounts.length; ++i) claim += _wordOf(token, accounts[i]).fees();
        }
        uint256 count = _handler.orderCount();
        for (uint256 i; i < count; ++i) {
            OrderTerms memory terms = _handler.termsAt(i);
            if (terms.token != token || terms.merchant != account) continue;
            claim += _lockedIn(_handler.recordAt(i).disputeId);
        }
    }

    function _lockedIn(bytes32 disputeId) private view returns (uint256) {
        IDisputeLocks.Lock memory lock = _handler.LEDGER().lockOf(disputeId);
        return uint256(lock.lockedPending) + lock.lockedAvailable + lock.lockedReserve;
    }

    function _owedBy(address token, address account) private view returns (uint256) {
        (, uint256 unpaid) = _handler.LEDGER().unpaidAwardsOf(OPERATOR, token, account);
        return _debtOf(token, account) + unpaid;
    }

    function _unpaidIn(address token) private view returns (uint256 unpaid) {
        address[] memory accounts = _handler.earners();
        for (uint256 i; i < accounts.length; ++i) {
            (, uint256 owed) = _handler.LEDGER().unpaidAwardsOf(OPERATOR, token, accounts[i]);
            unpaid += owed;
        }
    }

    /// @dev The cold word's total, which is what the buckets hold together.
    function _reserveOf(address token, address account) private view returns (uint256 reserve) {
        (uint80[8] memory buckets, ) = _handler.LEDGER().reserveOf(OPERATOR, token, account, 1);
        for (uint256 i; i < 8; ++i) reserve += buckets[i];
        uint256 total = ColdWord.wrap(_handler.LEDGER().coldWord(OPERATOR, token, account)).reserve();
        require(reserve == total, ReserveWrong(account, token, reserve, total));
    }

    function _wordOf(address token, address account) private view returns (AccountWord) {
        return AccountWord.wrap(_handler.LEDGER().accountWord(OPERATOR, token, account));
    }

    function _debtOf(address token, address account) private view returns (uint256) {
        return ColdWord.wrap(_handler.LEDGER().coldWord(OPERATOR, token, account)).debt();
    }
}
