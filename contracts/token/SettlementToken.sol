// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {ISettlementToken} from "../interfaces/ISettlementToken.sol";

/// @title Permissioned deposit token: a bank's promise in one currency
contract SettlementToken is ISettlementToken, ERC20Permit, ERC3009, AccessManaged {
    IParticipantRegistry private immutable REGISTRY;
    uint8 private immutable DECIMALS;

    mapping(bytes32 bankReference => bool) private _usedReferences;

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

    function decimals() public view override returns (uint8) {
        return DECIMALS;
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

    function _update(address from, address to, uint256 value) internal override {
        require(from == address(0) || REGISTRY.canSend(from), SettlementTokenCannotSend(from));
        require(to == address(0) || REGISTRY.canReceive(to), SettlementTokenCannotReceive(to));

        super._update(from, to, value);
    }
}
