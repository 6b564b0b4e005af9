// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Custody of one operator's tokens
/// @notice Moves tokens only on the call of the ledger that made it.
interface IVault {
    /// @notice Thrown when anyone but the ledger calls.
    error VaultForbidden(address caller);

    /// @notice Sends `amount` of `token` to `to`; reverts if the token does not confirm it.
    function pay(address token, address to, uint256 amount) external;

    /// @notice Takes `amount` of `token` from `from`, who signed an ERC-3009 `ReceiveWithAuthorization` to this vault.
    /// @dev ERC-3009 lets only the receiver submit it, so nobody can bring the money in without its order.
    /// `validBefore` in Unix seconds, exclusive; `signature` is r, s, v in 65 bytes.
    function receiveWithAuthorization(
        address token,
        address from,
        uint256 amount,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
