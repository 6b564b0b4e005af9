// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementCycles} from "../interfaces/ISettlementCycles.sol";
import {IVault} from "../interfaces/IVault.sol";
import {AccountWord, ColdWord} from "../types/AccountWord.sol";
import {Accounts} from "./Accounts.sol";

/// @title Settlement cycles and payouts
abstract contract SettlementCycles is Accounts, ISettlementCycles {
    /// @dev Enough for any well-behaved ERC-20 transfer through the vault; a hungrier token is held, not paid.
    uint256 private constant PAY_GAS = 250_000;

    /// @dev Bytes of a failed transfer's cause that are kept: any error of ours or of a usual token fits.
    uint256 private constant MAX_REASON = 256;

    /// @inheritdoc ISettlementCycles
    function closeCycle(
        address operator,
        address token,
        uint256 cycle,
        address[] calldata merchants
    ) external onlySettler {
        Book storage book = _requireBook(operator, token);
        uint256 openCycle = book.openCycle;
        require(cycle != 0 && cycle <= openCycle, CycleNotOpen(cycle, openCycle));

        if (cycle == openCycle) {
            // Cannot truncate within the life of any chain: one cycle a second lasts half a year, one a minute 31 years.
            book.openCycle = uint24(openCycle + 1);

            emit CycleClosed(operator, token, cycle, block.timestamp);
        }
        for (uint256 i; i < merchants.length; ++i) {
            _settle(operator, token, cycle, merchants[i]);
        }
    }

    /// @inheritdoc ISettlementCycles
    function payout(address operator, address token, address[] calldata merchants) external nonReentrant onlySettler {
        Book storage book = _requireBook(operator, token);

        for (uint256 i; i < merchants.length; ++i) {
            _payOut(book, operator, token, merchants[i]);
        }
        _requireSolvent(book, token);
    }

    /// @dev Every later capture falls into the next cycle, so what is settled here is exactly what came before.
    function _settle(address operator, address token, uint256 cycle, address merchant) private {
        AccountWord word = _load(operator, token, merchant);
        if (word.openCycle() > cycle) return;

        uint256 net = word.pending();
        (uint256 repaid, uint256 guarantee, ColdWord cold) = _repayDebt(operator, token, merchant, net);
        if (repaid != 0) {
            word = word.withBalances(word.available(), net - repaid);

            emit DebtRepaid(
                operator,
                merchant,
                token,
                repaid,
                guarantee,
                ColdWord.unwrap(cold),
                AccountWord.unwrap(word)
            );
        }
        word = word.withBalances(word.available() + net - repaid, 0).withOpenCycle(cycle + 1);
        _store(operator, token, merchant, word);

        emit NetSettled(operator, merchant, cycle, token, net, AccountWord.unwrap(word));
    }

    function _payOut(Book storage book, address operator, address token, address merchant) private {
        AccountWord word = _repayFromAvailable(operator, token, merchant);
        uint256 amount = word.available();
        if (amount == 0) return;

        address to = REGISTRY.payoutAddressOf(merchant);
        if (!_mayBePaid(word)) {
            bytes memory cause = abi.encodeWithSelector(AccountsNotActive.selector, merchant, word.status());
            emit PayoutHeld(operator, merchant, token, to, amount, cause);
            return;
        }
        // A call is given at most 63/64 of the gas that is left; with less than this it would fail for want of gas.
        require(gasleft() > PAY_GAS + PAY_GAS / 32, PayoutGasTooLow(gasleft(), PAY_GAS + PAY_GAS / 32));

        // Taken off before the token is called, so that whatever the receiver does meanwhile finds the truth.
        word = word.withBalances(0, word.pending());
        _store(operator, token, merchant, word);
        // Cannot truncate or underflow: an account never holds more than its book owes.
        book.liabilities -= uint88(amount);

        (bool isPaid, bytes memory reason) = _pay(book.vault, token, to, amount);
        if (isPaid) {
            // Loaded again: the receiver may have been credited meanwhile.
            word = _load(operator, token, merchant);
            emit PayoutPaid(operator, merchant, token, to, amount, AccountWord.unwrap(word));
        } else {
            _creditAvailable(operator, token, merchant, amount);
            book.liabilities += uint88(amount);

            emit PayoutHeld(operator, merchant, token, to, amount, reason);
        }
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
