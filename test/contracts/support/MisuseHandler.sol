// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NetworkRoles} from "../../../contracts/access/NetworkRoles.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {SettlementToken} from "../../../contracts/token/SettlementToken.sol";
import {AccountWord} from "../../../contracts/types/AccountWord.sol";
import {OrderTerms} from "../../../contracts/types/OrderTerms.sol";
import {OrderHandler} from "./OrderHandler.sol";
import {VM} from "./Vm.sol";

/// @dev What must fail whenever it is tried: an operator that nobody accepted, or no longer, whatever is stopped, money out
/// of a vault that tokens were taken from. Each call ends with the network as it was, but for what it was allowed to do.
abstract contract MisuseHandler is OrderHandler {
    /// @dev An operator of the network with a book, and a payer's money in it, whom no merchant accepted.
    address internal constant STRANGER = address(0x57a46e2);

    uint8 private constant ALL_SCOPES = 7;
    uint8 private constant MANDATE = 4;
    uint8 private constant INFLOW = 1;
    uint8 private constant CAPTURES = 2;
    uint8 private constant PAYOUTS = 4;
    uint256 private constant FIRST_NONCE = 1_000_000;

    bool public consentWasIgnored;
    bool public stopWasIgnored;
    bool public shortfallWasIgnored;

    constructor() {
        address token = address(_tokens[0]);
        ACCESS.grantRole(NetworkRoles.operatorRole(STRANGER), STRANGER, 0);
        LEDGER.syncAuthority(STRANGER, STRANGER);
        _register(STRANGER, IParticipantRegistry.Kind.Operator);
        _register(LEDGER.openBook(STRANGER, token), IParticipantRegistry.Kind.Vault);
        LEDGER.syncAccounts(STRANGER, token, _merchants);
        _mint(_tokens[0], MAX_AMOUNT);
        LEDGER.deposit(STRANGER, token, _payers[0], MAX_AMOUNT);
    }

    /// @dev A stranger tries what an operator may do with another one's order, or with one in its own book.
    function intrude(uint256 seed, uint256 amount) external {
        VM.assume(_terms.length != 0);
        OrderTerms memory terms = _terms[seed % _terms.length];
        amount = 1 + (amount % terms.amount);
        bytes memory call = abi.encodeCall(LEDGER.capture, (terms, amount));
        if (seed % 5 == 1) call = abi.encodeCall(LEDGER.void, (terms, amount));
        if (seed % 5 == 2) call = abi.encodeCall(LEDGER.refund, (terms, amount));
        if (seed % 5 == 3) call = _newOrder(terms, STRANGER, seed % 2 == 0);
        if (seed % 5 == 4) {
            call = abi.encodeCall(COURT.accept, (terms));
            consentWasIgnored = consentWasIgnored || _succeeds(STRANGER, address(COURT), call);
        } else {
            consentWasIgnored = consentWasIgnored || _succeeds(STRANGER, address(LEDGER), call);
        }
    }

    /// @dev A merchant withdraws some of its consent, and its operator goes on as if it had not.
    function withdrawConsent(uint256 seed, uint8 scopes) external {
        VM.assume(_terms.length != 0);
        OrderTerms memory terms = _terms[seed % _terms.length];
        scopes &= ALL_SCOPES;
        uint256 start = block.timestamp;
        _consent(terms.merchant, scopes, start + 1);
        bytes memory call;
        if (scopes & MANDATE == 0 && seed % 2 == 0) call = abi.encodeCall(LEDGER.refund, (terms, 1));
        else if (scopes & 1 == 0) call = _newOrder(terms, OPERATOR, false);
        else if (scopes & 2 == 0) call = _newOrder(terms, OPERATOR, true);
        if (call.length != 0 && _succeeds(OPERATOR, address(LEDGER), call)) consentWasIgnored = true;
        _consent(terms.merchant, ALL_SCOPES, start + 2);
    }

    /// @dev Regions are stopped: what they name fails, and the ways out stay open.
    function stop(uint256 seed, uint8 regions) external {
        VM.assume(_terms.length != 0);
        OrderTerms memory terms = _terms[seed % _terms.length];
        LEDGER.pause(regions & 7);
        if (regions & INFLOW != 0) _mustBeStopped(OPERATOR, _newOrder(terms, OPERATOR, false));
        if (regions & CAPTURES != 0) _mustBeStopped(OPERATOR, abi.encodeCall(LEDGER.capture, (terms, 1)));
        if (regions & PAYOUTS != 0) {
            _mustBeStopped(SETTLER, abi.encodeCall(LEDGER.payout, (OPERATOR, terms.token, _merchants)));
        }
        if (_availableTo(terms) != 0) {
            bytes memory call = abi.encodeCall(LEDGER.withdraw, (OPERATOR, terms.token, 1));
            if (_succeeds(terms.payer, address(LEDGER), call)) --payerClaim[terms.token][terms.payer];
            else exitWasRefused = true;
        }
        LEDGER.unpause(7);
    }

    /// @dev Tokens are taken out of the vault by force: nothing leaves it until they are back.
    function takeByForce(uint256 seed, uint256 amount) external {
        VM.assume(_terms.length != 0);
        OrderTerms memory terms = _terms[seed % _terms.length];
        SettlementToken token = SettlementToken(terms.token);
        address vault = LEDGER.bookOf(OPERATOR, terms.token).vault;
        amount = _within(amount, token.balanceOf(vault));
        token.forcedTransfer(vault, address(this), amount);

        uint256 left = token.balanceOf(vault);
        if (_availableTo(terms) != 0) {
            bytes memory call = abi.encodeCall(LEDGER.withdraw, (OPERATOR, terms.token, 1));
            shortfallWasIgnored = shortfallWasIgnored || _succeeds(terms.payer, address(LEDGER), call);
        }
        _succeeds(SETTLER, address(LEDGER), abi.encodeCall(LEDGER.payout, (OPERATOR, terms.token, _merchants)));
        shortfallWasIgnored = shortfallWasIgnored || token.balanceOf(vault) != left;

        token.forcedTransfer(address(this), vault, amount);
    }

    /// @dev The call that a new order between the same parties would be; it is never sent where it may succeed.
    function _newOrder(OrderTerms memory given, address operator, bool isCharge) private view returns (bytes memory) {
        OrderTerms memory terms = given;
        if (operator == STRANGER) (terms.payer, terms.token) = (_payers[0], address(_tokens[0]));
        terms.operator = operator;
        terms.amount = 1;
        terms.splitsHash = 0;
        terms.authorizeBy = uint40(block.timestamp + 1 days);
        terms.captureBy = uint40(block.timestamp + 8 days);
        terms.reclaimFrom = uint40(block.timestamp + 10 days);
        terms.refundBy = uint40(block.timestamp + 60 days);
        terms.nonce = FIRST_NONCE + block.timestamp;
        bytes memory signature = _sign(_keyOf(terms.payer), LEDGER.orderIdOf(terms));
        return
            isCharge
                ? abi.encodeCall(LEDGER.charge, (terms, signature))
                : abi.encodeCall(LEDGER.authorize, (terms, signature));
    }

    function _mustBeStopped(address caller, bytes memory call) private {
        if (_succeeds(caller, address(LEDGER), call)) stopWasIgnored = true;
    }

    function _succeeds(address caller, address target, bytes memory call) private returns (bool isDone) {
        VM.prank(caller);
        (isDone, ) = target.call(call);
    }

    /// @dev Each consent is newer than the one before; the compiler takes `block.timestamp` for the same within a call.
    function _consent(address merchant, uint8 scopes, uint256 second) private {
        VM.warp(second);
        VM.prank(merchant);
        REGISTRY.acceptOperator(OPERATOR, scopes);
    }

    /// @dev What the payer of an order could withdraw; nothing while it is frozen.
    function _availableTo(OrderTerms memory terms) private view returns (uint256) {
        AccountWord word = AccountWord.wrap(LEDGER.accountWord(OPERATOR, terms.token, terms.payer));
        return word.status() == uint8(IParticipantRegistry.Status.Active) ? word.available() : 0;
    }

    function _keyOf(address payer) private view returns (uint256 key) {
        for (uint256 i; i < PAYERS; ++i) if (_payers[i] == payer) key = _payerKeys[i];
    }
}
