// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7943Fungible} from "./IERC7943Fungible.sol";

/// @title Permissioned deposit token: a bank's promise in one currency
/// @notice ERC-20 with ERC-2612 permits, ERC-3009 authorizations and ERC-7943 controls. Only registered participants
/// hold it.
/// @dev Amounts fit a uint120: no more than `type(uint120).max` exist, or are frozen at one account.
/// @dev Each holder's standing is a copy of the registry's, which renews it whenever it changes: a transfer between
/// known holders asks nobody.
interface ISettlementToken is IERC7943Fungible {
    /// @notice Tokens were created against money that reached the issuer's bank account.
    event Minted(address indexed to, uint256 amount, bytes32 indexed bankReference);

    /// @notice Tokens were destroyed against money that left the issuer's bank account.
    event Burned(address indexed from, uint256 amount, bytes32 indexed bankReference);

    /// @notice Thrown when a bank reference was used before: one bank movement backs one mint or burn.
    error SettlementTokenReferenceUsed(bytes32 bankReference);

    /// @notice Thrown when a bank reference is empty.
    error SettlementTokenReferenceMissing();

    /// @notice Thrown when a batch's arrays differ in length.
    error SettlementTokenLengthMismatch(uint256 amounts, uint256 bankReferences);

    /// @notice Thrown when a mint would create more tokens than can be counted.
    error SettlementTokenSupplyLimit(uint256 supply, uint256 limit);

    /// @notice Thrown when a freeze names more tokens than can exist.
    error SettlementTokenFrozenLimit(uint256 amount, uint256 limit);

    /// @notice Creates `amount` for `to`. Caller: issuer.
    function mint(address to, uint256 amount, bytes32 bankReference) external;

    /// @notice Creates many amounts for `to`, one bank reference each, all or none. Caller: issuer.
    function mintBatch(address to, uint256[] calldata amounts, bytes32[] calldata bankReferences) external;

    /// @notice Destroys `amount` of the caller's own unfrozen tokens. Caller: issuer.
    function burn(uint256 amount, bytes32 bankReference) external;

    /// @notice Renews the copy of what the registry says of `account`. Anyone may call.
    /// @dev Says nothing of it in an event: `ParticipantStatusChanged` of the registry does. Of an account that this
    /// token does not know yet it keeps no copy either: its first transfer asks.
    function refresh(address account) external;
}
