// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC7943Fungible} from "../interfaces/IERC7943Fungible.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../interfaces/ISettlementToken.sol";
import {HolderWord} from "../types/HolderWord.sol";

/// @title Permissioned deposit token: a bank's promise in one currency
contract SettlementToken is ISettlementToken, ERC20Permit, ERC3009, AccessManaged {
    IParticipantRegistry private immutable REGISTRY;
    uint8 private immutable DECIMALS;

    mapping(address account => HolderWord) private _holders;
    mapping(bytes32 bankReference => bool) private _usedReferences;
    uint256 private _supply;

    constructor(
        string memory name,
        string memory symbol,
        uint8 decimals_,
        address registry,
        address authority
    ) ERC20(name, symbol) ERC20Permit(name) AccessManaged(authority) {
        REGISTRY = IParticipantRegistry(registry);
        DECIMALS = decimals_;
    }

    /// @inheritdoc ISettlementToken
    function mint(address to, uint256 amount, bytes32 bankReference) external restricted {
        _mintAgainst(to, amount, bankReference);
    }

    /// @inheritdoc ISettlementToken
    function mintBatch(address to, uint256[] calldata amounts, bytes32[] calldata bankReferences) external restricted {
        require(
            amounts.length == bankReferences.length,
            SettlementTokenLengthMismatch(amounts.length, bankReferences.length)
        );

        for (uint256 i; i < amounts.length; ++i) {
            _mintAgainst(to, amounts[i], bankReferences[i]);
        }
    }

    /// @inheritdoc ISettlementToken
    function burn(uint256 amount, bytes32 bankReference) external restricted {
        _useReference(bankReference);

        _burn(msg.sender, amount);

        emit Burned(msg.sender, amount, bankReference);
    }

    /// @inheritdoc ISettlementToken
    function refresh(address account) external {
        HolderWord holder = _holders[account];
        if (holder.status() == IParticipantRegistry.Status.None) return;

        _holders[account] = holder.withStatus(REGISTRY.statusOf(account));
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        require(amount <= type(uint120).max, SettlementTokenFrozenLimit(amount, type(uint120).max));

        _holders[account] = _holders[account].withFrozen(amount);

        emit Frozen(account, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    /// @dev To oneself it would unfreeze and move nothing; that is what `setFrozenTokens` is for.
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        require(from != address(0), ERC20InvalidSender(from));
        require(to != address(0), ERC20InvalidReceiver(to));
        require(from != to, ERC7943CannotTransfer(from, to, amount));
        HolderWord holder = _holders[from];
        require(amount <= holder.balance(), ERC20InsufficientBalance(from, holder.balance(), amount));

        uint256 unfrozen = holder.unfrozen();
        if (amount > unfrozen) {
            // Cannot underflow: what is not unfrozen of the balance is frozen.
            holder = holder.withFrozen(holder.frozen() - (amount - unfrozen));
            emit Frozen(from, holder.frozen());
        }
        _holders[from] = holder.debited(amount);
        _credit(to, amount);

        emit Transfer(from, to, amount);
        emit ForcedTransfer(from, to, amount);
        return true;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) external view returns (bool) {
        return _maySend(_statusOf(account));
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) external view returns (bool) {
        return _mayReceive(_statusOf(account));
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) external view returns (uint256) {
        return _holders[account].frozen();
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        return _maySend(_statusOf(from)) && _mayReceive(_statusOf(to)) && amount <= _holders[from].unfrozen();
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC7943Fungible).interfaceId ||
            interfaceId == type(IERC20).interfaceId ||
            interfaceId == type(IERC165).interfaceId;
    }

    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    /// @inheritdoc IERC20
    function totalSupply() public view override returns (uint256) {
        return _supply;
    }

    /// @inheritdoc IERC20
    function balanceOf(address account) public view override returns (uint256) {
        return _holders[account].balance();
    }

    function _mintAgainst(address to, uint256 amount, bytes32 bankReference) private {
        _useReference(bankReference);

        _mint(to, amount);

        emit Minted(to, amount, bankReference);
    }

    function _useReference(bytes32 bankReference) private {
        require(bankReference != 0, SettlementTokenReferenceMissing());
        require(!_usedReferences[bankReference], SettlementTokenReferenceUsed(bankReference));

        _usedReferences[bankReference] = true;
    }

    /// @dev Everything that moves tokens on their holder's word comes through here: transfers, permits spent,
    /// authorizations, mints and burns. It keeps the balances itself; those of OpenZeppelin stay empty.
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0)) _increaseSupply(value);
        else _debit(from, value);

        if (to == address(0)) _supply -= value;
        else _credit(to, value);

        emit Transfer(from, to, value);
    }

    function _increaseSupply(uint256 value) private {
        uint256 supply = _supply;
        // A sum that wraps would pass the check below.
        require(value <= type(uint120).max, SettlementTokenSupplyLimit(value, type(uint120).max));
        require(supply + value <= type(uint120).max, SettlementTokenSupplyLimit(supply + value, type(uint120).max));

        _supply = supply + value;
    }

    function _debit(address from, uint256 value) private {
        HolderWord holder = _load(from);
        require(_maySend(holder.status()), ERC7943CannotSend(from));
        require(value <= holder.balance(), ERC20InsufficientBalance(from, holder.balance(), value));
        require(value <= holder.unfrozen(), ERC7943InsufficientUnfrozenBalance(from, value, holder.unfrozen()));

        _holders[from] = holder.debited(value);
    }

    function _credit(address to, uint256 value) private {
        HolderWord holder = _load(to);
        require(_mayReceive(holder.status()), ERC7943CannotReceive(to));

        _holders[to] = holder.credited(value);
    }

    /// @dev The standing of a holder not known yet is asked here and kept with its balance by the caller.
    function _load(address account) private view returns (HolderWord holder) {
        holder = _holders[account];
        if (holder.status() == IParticipantRegistry.Status.None) {
            holder = holder.withStatus(REGISTRY.statusOf(account));
        }
    }

    function _statusOf(address account) private view returns (IParticipantRegistry.Status status) {
        return _load(account).status();
    }

    /// @dev As `canSend` of the registry.
    function _maySend(IParticipantRegistry.Status status) private pure returns (bool) {
        return status == IParticipantRegistry.Status.Active;
    }

    /// @dev As `canReceive` of the registry.
    function _mayReceive(IParticipantRegistry.Status status) private pure returns (bool) {
        return
            status == IParticipantRegistry.Status.Active ||
            status == IParticipantRegistry.Status.Restricted ||
            status == IParticipantRegistry.Status.Closing;
    }
}
