// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Permissioned deposit token: a bank's promise in one currency
/// @notice ERC-20 with ERC-2612 permits and ERC-3009 authorizations. Only registered participants hold it.
interface ISettlementToken {
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

    /// @notice Thrown when the sender is no participant in good standing.
    error SettlementTokenCannotSend(address account);

    /// @notice Thrown when the receiver is no participant in good standing.
    error SettlementTokenCannotReceive(address account);

    /// @notice Creates `amount` for `to`. Caller: issuer.
    function mint(address to, uint256 amount, bytes32 bankReference) external;

    /// @notice Creates many amounts for `to`, one bank reference each, all or none. Caller: issuer.
    function mintBatch(address to, uint256[] calldata amounts, bytes32[] calldata bankReferences) external;

    /// @notice Destroys `amount` of the caller's own tokens. Caller: issuer.
    function burn(uint256 amount, bytes32 bankReference) external;
}
