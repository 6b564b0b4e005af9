// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

/// @title ERC-7943 for fungible tokens, as it is final
/// @notice Whether accounts may transact, and what an authority may do to their tokens.
/// @dev The ERC-165 id is 0x3edbb4c4.
interface IERC7943Fungible is IERC165 {
    /// @notice An authority moved tokens without their holder's consent.
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);

    /// @notice The number of tokens that `account` may not move changed to `amount`.
    event Frozen(address indexed account, uint256 amount);

    /// @notice Thrown when the account may not send tokens.
    error ERC7943CannotSend(address account);

    /// @notice Thrown when the account may not receive tokens.
    error ERC7943CannotReceive(address account);

    /// @notice Thrown when a rule of the token forbids this very transfer.
    error ERC7943CannotTransfer(address from, address to, uint256 amount);

    /// @notice Thrown when the account holds `amount`, but less of it is unfrozen.
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    /// @notice Moves tokens without their holder's consent, frozen ones included.
    /// @return result Always true; what cannot be done reverts.
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool result);

    /// @notice Sets how many tokens `account` may not move; overwrites what was set before.
    /// @param amount May exceed the balance: what arrives later is withheld too.
    /// @return result Always true; what cannot be done reverts.
    function setFrozenTokens(address account, uint256 amount) external returns (bool result);

    /// @notice Whether `account` may send tokens at all, whatever it holds.
    function canSend(address account) external view returns (bool allowed);

    /// @notice Whether `account` may receive tokens at all.
    function canReceive(address account) external view returns (bool allowed);

    /// @notice How many tokens of `account` are frozen; may exceed its balance.
    function getFrozenTokens(address account) external view returns (uint256 amount);

    /// @notice Whether this transfer would pass now: both may transact, and `amount` is unfrozen at `from`.
    function canTransfer(address from, address to, uint256 amount) external view returns (bool allowed);
}
