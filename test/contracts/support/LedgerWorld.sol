// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {NetworkAccess} from "../../../contracts/access/NetworkAccess.sol";
import {NetworkRoles} from "../../../contracts/access/NetworkRoles.sol";
import {ParticipantRegistry} from "../../../contracts/access/ParticipantRegistry.sol";
import {DisputeCourt} from "../../../contracts/dispute/DisputeCourt.sol";
import {TokenRegistry} from "../../../contracts/access/TokenRegistry.sol";
import {ICourtPolicies} from "../../../contracts/interfaces/ICourtPolicies.sol";
import {IParticipantRegistry} from "../../../contracts/interfaces/IParticipantRegistry.sol";
import {ISettlementLedger} from "../../../contracts/interfaces/ISettlementLedger.sol";
import {LedgerAdministration} from "../../../contracts/ledger/LedgerAdministration.sol";
import {LedgerSettlement} from "../../../contracts/ledger/LedgerSettlement.sol";
import {OrderConsents} from "../../../contracts/ledger/OrderConsents.sol";
import {SettlementLedger} from "../../../contracts/ledger/SettlementLedger.sol";
import {SettlementToken} from "../../../contracts/token/SettlementToken.sol";
import {VM} from "./Vm.sol";

/// @dev A whole network: one operator with a book in each of two tokens, payers, merchants, a fee receiver and a panel.
/// This contract is its admin, registrar, compliance and issuer.
abstract contract LedgerWorld {
    uint256 internal constant PAYERS = 3;
    uint256 internal constant MERCHANTS = 2;
    uint256 internal constant TOKENS = 2;
    uint256 internal constant ARBITERS = 5;
    uint32 internal constant RESPOND_WINDOW = 3 days;
    uint32 internal constant RULE_WINDOW = 7 days;
    uint32 internal constant ARBITER_SET = 1;
    uint32 internal constant APPEAL_SET = 2;
    uint32 internal constant BACKUP_SET = 3;
    uint8 internal constant HOLDBACK_CLASS = 1;
    uint256 internal constant BOND_BPS = 100;
    uint80 internal constant ADVANCE_LIMIT = 1e10;
    address internal constant COURIER = address(0xc00e1e4);
    address internal constant OPERATOR = address(0x0be7a702);
    address internal constant SETTLER = address(0x5e771e7);
    address internal constant FEE_RECEIVER = address(0xfee);

    NetworkAccess internal immutable ACCESS;
    ParticipantRegistry public immutable REGISTRY;
    ISettlementLedger public immutable LEDGER;
    DisputeCourt public immutable COURT;

    SettlementToken[] internal _tokens;
    uint256[] internal _payerKeys;
    /// @dev Ascending by address, as the court wants them.
    uint256[] internal _arbiterKeys;
    address[] internal _payers;
    address[] internal _merchants;

    uint256 private _bankReferences;

    constructor() {
        VM.warp(1_800_000_000);
        NetworkAccess access = new NetworkAccess(address(this));
        ACCESS = access;
        REGISTRY = new ParticipantRegistry(address(access));
        TokenRegistry admissions = new TokenRegistry(address(access));
        LEDGER = _newLedger(address(access), address(admissions));
        COURT = new DisputeCourt(address(access), address(LEDGER), address(REGISTRY));
        access.grantRole(NetworkRoles.operatorRole(OPERATOR), OPERATOR, 0);
        access.grantRole(NetworkRoles.SETTLER, SETTLER, 0);
        LEDGER.syncAuthority(OPERATOR, OPERATOR);
        LEDGER.syncAuthority(SETTLER, SETTLER);
        LEDGER.setCourt(address(COURT));
        REGISTRY.setLedger(address(LEDGER));
        COURT.setPolicy(
            ICourtPolicies.Policy(RESPOND_WINDOW, RULE_WINDOW, 2 days, 5 days, 24 days, uint16(BOND_BPS), 100, 4)
        );
        LEDGER.setHoldbackClass(HOLDBACK_CLASS, 1_000, 8 days);

        _enrol(access, admissions);
    }

    function tokenAt(uint256 index) public view returns (SettlementToken) {
        return _tokens[index];
    }

    function _enrol(NetworkAccess access, TokenRegistry admissions) private {
        for (uint256 i; i < PAYERS; ++i) {
            _payerKeys.push(1_000 + i);
            _payers.push(VM.addr(1_000 + i));
            _register(_payers[i], IParticipantRegistry.Kind.Payer);
        }
        for (uint256 i; i < MERCHANTS; ++i) {
            _merchants.push(VM.addr(2_000 + i));
            _register(_merchants[i], IParticipantRegistry.Kind.Merchant);
            VM.prank(_merchants[i]);
            REGISTRY.acceptOperator(OPERATOR, 7);
        }
        _register(FEE_RECEIVER, IParticipantRegistry.Kind.Institution);
        _register(OPERATOR, IParticipantRegistry.Kind.Operator);
        _register(COURIER, IParticipantRegistry.Kind.Courier);
        VM.prank(COURIER);
        REGISTRY.acceptOperator(OPERATOR, 1);
        _register(address(admissions), IParticipantRegistry.Kind.Institution);
        _register(address(this), IParticipantRegistry.Kind.Institution);
        _definePanel();

        for (uint256 i; i < TOKENS; ++i) {
            SettlementToken token = new SettlementToken("Token", "TKN", 2, address(REGISTRY), address(access));
            _tokens.push(token);
            REGISTRY.addToken(address(token));
            _mint(token, 1);
            token.approve(address(admissions), 1);
            admissions.admit(address(token), 80, 1);
            token.burn(1, bytes32(type(uint256).max));
            address vault = LEDGER.openBook(OPERATOR, address(token));
            if (i == 0) _register(vault, IParticipantRegistry.Kind.Vault);
            LEDGER.setAdvanceLimit(OPERATOR, address(token), ADVANCE_LIMIT);
            LEDGER.syncAccounts(OPERATOR, address(token), _merchants);
            LEDGER.syncAccounts(OPERATOR, address(token), _others());
            token.approve(address(LEDGER), type(uint256).max);
        }
    }

    function _definePanel() private {
        address[] memory members = new address[](ARBITERS);
        for (uint256 i; i < ARBITERS; ++i) {
            uint256 key = 3_000 + i;
            uint256 place = i;
            _arbiterKeys.push(key);
            while (place != 0 && members[place - 1] > VM.addr(key)) {
                members[place] = members[place - 1];
                _arbiterKeys[place] = _arbiterKeys[place - 1];
                --place;
            }
            members[place] = VM.addr(key);
            _arbiterKeys[place] = key;
        }
        COURT.defineArbiterSet(APPEAL_SET, members, 3, 0, 0);
        COURT.defineArbiterSet(BACKUP_SET, _firstOf(members, 4), 2, 0, APPEAL_SET);
        COURT.defineArbiterSet(ARBITER_SET, _firstOf(members, 3), 2, BACKUP_SET, APPEAL_SET);
    }

    function _newLedger(address access, address admissions) private returns (ISettlementLedger) {
        address registry = address(REGISTRY);
        address settlement = address(new LedgerSettlement(access, registry));
        address consents = address(new OrderConsents(access, registry));
        address administration = address(new LedgerAdministration(access, registry, admissions));
        SettlementLedger deployed = new SettlementLedger(access, registry, settlement, consents, administration);
        return ISettlementLedger(address(deployed));
    }

    /// @dev Earners beside the merchants, and the arbiters, who earn bonds.
    function _others() internal view returns (address[] memory others) {
        others = new address[](3 + ARBITERS);
        (others[0], others[1], others[2]) = (FEE_RECEIVER, OPERATOR, COURIER);
        for (uint256 i; i < ARBITERS; ++i) others[3 + i] = VM.addr(_arbiterKeys[i]);
    }

    function _firstOf(address[] memory members, uint256 count) private pure returns (address[] memory first) {
        first = new address[](count);
        for (uint256 i; i < count; ++i) first[i] = members[i];
    }

    function _register(address account, IParticipantRegistry.Kind kind) internal {
        REGISTRY.register(IParticipantRegistry.Registration(account, kind, 1, type(uint40).max, address(0), 0));
    }

    function _mint(SettlementToken token, uint256 amount) internal {
        token.mint(address(this), amount, bytes32(++_bankReferences));
    }

    function _setStatus(address account, IParticipantRegistry.Status status) internal {
        address[] memory accounts = new address[](1);
        accounts[0] = account;
        if (status == IParticipantRegistry.Status.Active) REGISTRY.reactivate(accounts);
        else if (status == IParticipantRegistry.Status.Restricted) REGISTRY.restrict(accounts);
        else REGISTRY.freeze(accounts);
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }
}
