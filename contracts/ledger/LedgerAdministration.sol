// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {NetworkRoles} from "../access/NetworkRoles.sol";
import {IAccounts} from "../interfaces/IAccounts.sol";
import {ILedgerAdministration} from "../interfaces/ILedgerAdministration.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ITokenRegistry} from "../interfaces/ITokenRegistry.sol";
import {AccountWord} from "../types/AccountWord.sol";
import {BasisPoints} from "../types/BasisPoints.sol";
import {Vault} from "../vault/Vault.sol";
import {AccountRecovery} from "./AccountRecovery.sol";
import {Books} from "./Books.sol";

/// @title Books, keys, the court, stops, seizure and recovery
/// @dev A part of `SettlementLedger`: it runs on the ledger's storage only.
contract LedgerAdministration is AccountRecovery, ILedgerAdministration {
    /// @dev Bounds `refresh`, which visits every book.
    uint256 private constant MAX_BOOKS = 128;

    /// @dev Bounds a stop, which visits every key.
    uint256 private constant MAX_KEYS = 256;

    /// @dev In a key's word, above the paused regions.
    uint256 private constant LISTED_SHIFT = 176;

    uint256 private constant MAX_COURTS = 255;
    uint256 private constant MAX_CLASS = 7;
    uint256 private constant MAX_DELAY = 540 days;
    uint256 private constant SEIZURE_DELAY = 3 days;

    ITokenRegistry private immutable TOKENS;

    constructor(address authority, address registry, address tokens) Books(authority, registry) {
        TOKENS = ITokenRegistry(tokens);
    }

    /// @inheritdoc ILedgerAdministration
    function openBook(address operator, address token) external restricted returns (address vault) {
        bytes32 bookId = _bookIdOf(operator, token);
        IAccounts.Book storage book = _books[bookId];
        require(book.vault == address(0), BookExists(operator, token));
        require(_bookKeys.length < MAX_BOOKS, LedgerTooMany(_bookKeys.length, MAX_BOOKS));
        (, uint8 capBits) = TOKENS.admissionOf(token);
        require(capBits != 0, BookTokenNotAdmitted(token));

        vault = _vaultOf(operator);
        book.vault = vault;
        book.capBits = capBits;
        book.openCycle = 1;
        _bookKeys.push(BookKey(operator, token));

        emit BookOpened(operator, token, vault, capBits);
    }

    /// @inheritdoc ILedgerAdministration
    function setCourt(address court_) external restricted {
        require(_courts.length < MAX_COURTS, LedgerTooMany(_courts.length, MAX_COURTS));
        _court = court_;
        // Cannot truncate: at most 255 courts.
        _courtIndex = uint8(_courts.length);
        _courts.push(court_);

        emit CourtSet(court_);
    }

    /// @inheritdoc ILedgerAdministration
    function setAdvanceLimit(address operator, address token, uint80 advanceLimit) external restricted {
        _books[_requireBook(operator, token)].advanceLimit = advanceLimit;

        emit AdvanceLimitSet(operator, token, advanceLimit);
    }

    /// @inheritdoc ILedgerAdministration
    /// @dev A class that is in use keeps its delay, so that what it withheld keeps its moment of release.
    function setHoldbackClass(uint8 holdbackClass, uint16 bps, uint40 delay) external restricted {
        HoldbackClass storage stored = _holdbackClasses[holdbackClass];
        require(
            holdbackClass != 0 &&
                holdbackClass <= MAX_CLASS &&
                bps <= BasisPoints.ONE &&
                delay >= 1 days &&
                delay <= MAX_DELAY &&
                (stored.delay == 0 || stored.delay == delay),
            HoldbackClassInvalid(holdbackClass, bps, delay)
        );
        stored.bps = bps;
        stored.delay = delay;

        emit HoldbackClassSet(holdbackClass, bps, delay);
    }

    /// @inheritdoc ILedgerAdministration
    function setCollector(address collector, bool isAllowed) external restricted {
        _collectors[collector] = isAllowed;

        emit CollectorSet(collector, isAllowed);
    }

    /// @inheritdoc ILedgerAdministration
    function syncAuthority(address key, address operator) external {
        uint256 stored = _authorities[key];
        address current = address(uint160(stored));
        // A key stays with its operator until that operator's role is taken from it, whatever operator a stranger names.
        if (!_holds(key, NetworkRoles.operatorRole(current))) {
            current = _holds(key, NetworkRoles.operatorRole(operator)) ? operator : address(0);
        }
        bool isSettler = _holds(key, NetworkRoles.SETTLER);

        uint256 powers = uint256(uint160(current)) | (isSettler ? SETTLER_BIT : 0);
        if (powers != 0) {
            uint256 place = stored == 0 ? _list(key) : stored >> LISTED_SHIFT;
            _authorities[key] = powers | (uint256(_paused) << PAUSED_SHIFT) | (place << LISTED_SHIFT);
        } else if (stored != 0) {
            _unlist(key);
        }

        emit AuthoritySynced(key, current, isSettler);
    }

    /// @inheritdoc ILedgerAdministration
    function syncAccounts(address operator, address token, address[] calldata accounts) external {
        bytes32 bookId = _requireBook(operator, token);

        for (uint256 i; i < accounts.length; ++i) {
            _sync(bookId, operator, token, accounts[i]);
        }
    }

    /// @inheritdoc ILedgerAdministration
    function refresh(address account) external {
        uint256 count = _bookKeys.length;
        for (uint256 i; i < count; ++i) {
            BookKey memory key = _bookKeys[i];
            bytes32 bookId = _bookIdOf(key.operator, key.token);
            if (AccountWord.unwrap(_accounts[bookId][account]) == 0) continue;
            _sync(bookId, key.operator, key.token, account);
        }
    }

    /// @inheritdoc ILedgerAdministration
    function pause(uint8 regions) external restricted {
        _setPaused(_paused | regions);
    }

    /// @inheritdoc ILedgerAdministration
    function unpause(uint8 regions) external restricted {
        _setPaused(_paused & ~regions);
    }

    /// @inheritdoc ILedgerAdministration
    function proposeSeizure(
        address operator,
        address token,
        address account,
        uint80 amount,
        bytes32 courtReference
    ) external restricted returns (bytes32 seizureId) {
        _requireBook(operator, token);
        _requireAmount(amount);
        seizureId = keccak256(abi.encode(operator, token, account, amount, courtReference, block.number));
        require(_seizures[seizureId].amount == 0, SeizureAlreadyProposed(seizureId));
        uint40 executableFrom = uint40(block.timestamp + SEIZURE_DELAY);
        _seizures[seizureId] = Seizure({
            operator: operator,
            amount: amount,
            token: token,
            executableFrom: executableFrom,
            account: account,
            proposer: msg.sender,
            courtReference: courtReference
        });

        emit SeizureProposed(seizureId, operator, account, token, amount, courtReference, executableFrom);
    }

    /// @inheritdoc ILedgerAdministration
    function cancelSeizure(bytes32 seizureId) external restricted {
        require(_seizures[seizureId].amount != 0, SeizureUnknown(seizureId));
        delete _seizures[seizureId];

        emit SeizureCanceled(seizureId);
    }

    /// @inheritdoc ILedgerAdministration
    /// @dev What the account owes to others, awards and debt, is met first.
    function executeSeizure(bytes32 seizureId) external restricted {
        Seizure memory seizure = _seizures[seizureId];
        require(seizure.amount != 0, SeizureUnknown(seizureId));
        require(
            block.timestamp >= seizure.executableFrom,
            SeizureTooEarly(seizureId, seizure.executableFrom, block.timestamp)
        );
        require(msg.sender != seizure.proposer, SeizureSamePerson(seizureId, msg.sender));
        Place memory place = _placeOf(seizure.operator, seizure.token, seizure.account);
        AccountWord word = _meetFromAvailable(place);
        uint256 unpaid = _awards[place.bookId][place.account].total;
        require(unpaid == 0, IAccounts.AccountsAwardsUnpaid(place.account, unpaid));
        address statutory = REGISTRY.statutoryAccount();
        require(
            _isSeizable(seizure.account, word) && statutory != address(0),
            SeizureForbidden(seizure.account, word.status(), statutory)
        );
        require(
            seizure.amount <= word.available(),
            IAccounts.AccountsInsufficient(seizure.account, seizure.amount, word.available())
        );

        delete _seizures[seizureId];
        word = word.subAvailable(seizure.amount);
        _accounts[place.bookId][seizure.account] = word;
        AccountWord statutoryWord = _creditAvailable(place.bookId, statutory, seizure.amount);

        emit AccountSeized(
            seizureId,
            seizure.operator,
            seizure.account,
            seizure.token,
            statutory,
            seizure.amount,
            AccountWord.unwrap(word),
            AccountWord.unwrap(statutoryWord)
        );
    }

    /// @inheritdoc ILedgerAdministration
    function rebind(address operator, address token, address account) external {
        _rebind(operator, token, account);
    }

    /// @inheritdoc ILedgerAdministration
    function requireClosable(address account, uint256 closingSince) external view {
        uint256 count = _bookKeys.length;
        for (uint256 i; i < count; ++i) {
            BookKey memory key = _bookKeys[i];
            bytes32 bookId = _bookIdOf(key.operator, key.token);
            AccountWord word = _accounts[bookId][account];
            if (AccountWord.unwrap(word) == 0) continue;
            uint256 held = word.available() + word.pending() + word.fees();
            // Money of orders from before may come until the last hold is over and the last dispute ended.
            uint256 closableFrom = closingSince + MAX_HOLD;
            if (word.exposedUntil() > closableFrom) closableFrom = word.exposedUntil();
            require(
                held == 0 && !_coldWords[bookId][account].matters() && block.timestamp >= closableFrom,
                AccountNotClosable(account, key.operator, key.token, closableFrom)
            );
        }
    }

    /// @inheritdoc ILedgerAdministration
    function court() external view returns (address) {
        return _court;
    }

    /// @inheritdoc ILedgerAdministration
    function paused() external view returns (uint8) {
        return _paused;
    }

    /// @inheritdoc ILedgerAdministration
    function authorityOf(address key) external view returns (address operator, bool isSettler) {
        operator = address(uint160(_authorities[key]));
        isSettler = _authorities[key] & SETTLER_BIT != 0;
    }

    /// @inheritdoc ILedgerAdministration
    function holdbackClassOf(uint256 holdbackClass) external view returns (HoldbackClass memory) {
        return _holdbackClasses[holdbackClass];
    }

    /// @inheritdoc ILedgerAdministration
    function isCollector(address collector) external view returns (bool) {
        return _collectors[collector];
    }

    /// @inheritdoc ILedgerAdministration
    function seizureOf(bytes32 seizureId) external view returns (Seizure memory) {
        return _seizures[seizureId];
    }

    /// @dev A frozen account's money, and what reaches a closed one afterwards, unless a successor has a claim to it.
    function _isSeizable(address account, AccountWord word) private view returns (bool) {
        if (word.status() == uint8(IParticipantRegistry.Status.Frozen)) return true;
        return word.status() == uint8(IParticipantRegistry.Status.Closed) && REGISTRY.heirOf(account) == account;
    }

    /// @dev A vault serves all of an operator's tokens; the ledger makes it with the operator as salt.
    function _vaultOf(address operator) private returns (address vault) {
        bytes32 salt = bytes32(uint256(uint160(operator)));
        bytes32 codeHash = keccak256(type(Vault).creationCode);
        vault = address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, codeHash)))));
        if (vault.code.length == 0) new Vault{salt: salt}();
    }

    /// @dev Who has to schedule its calls at the access manager does not hold the role here, where nothing is scheduled.
    function _holds(address key, uint64 role) private view returns (bool) {
        (bool isMember, uint32 executionDelay) = IAccessManager(authority()).hasRole(role, key);
        return isMember && executionDelay == 0;
    }

    /// @dev Where the key stands in `_keys`, counted from 1.
    function _list(address key) private returns (uint256 place) {
        require(_keys.length < MAX_KEYS, LedgerTooMany(_keys.length, MAX_KEYS));
        _keys.push(key);
        place = _keys.length;
    }

    /// @dev A revoked key leaves its place to the last one: keys may be renewed for ever.
    function _unlist(address key) private {
        uint256 place = _authorities[key] >> LISTED_SHIFT;
        address last = _keys[_keys.length - 1];
        uint256 powers = _authorities[last] & ((uint256(1) << LISTED_SHIFT) - 1);
        _keys[place - 1] = last;
        _authorities[last] = powers | (place << LISTED_SHIFT);
        _keys.pop();
        delete _authorities[key];
    }

    /// @dev A stop is written into every key's word, so that an operation pays nothing to know of it.
    function _setPaused(uint8 regions) private {
        _paused = regions;
        uint256 count = _keys.length;
        for (uint256 i; i < count; ++i) {
            uint256 kept = _authorities[_keys[i]] & ~(uint256(type(uint8).max) << PAUSED_SHIFT);
            _authorities[_keys[i]] = kept | (uint256(regions) << PAUSED_SHIFT);
        }

        emit RegionsPaused(msg.sender, regions);
    }
}
