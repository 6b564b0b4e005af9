// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Which tokens books may be opened in
interface ITokenRegistry {
    /// @notice A token was admitted; a book holds at most 2**capBits - 1 of it, in base units.
    event TokenAdmitted(address indexed token, uint8 decimals, uint8 capBits);

    /// @notice A token is admitted no more; the books that exist keep going.
    event TokenRemoved(address indexed token);

    /// @notice Thrown when the token is admitted already.
    error TokenAlreadyAdmitted(address token);

    /// @notice Thrown when the token is not admitted.
    error TokenNotAdmitted(address token);

    /// @notice Thrown when the cap is 0 bits or more than an order's amount can have.
    error TokenCapInvalid(uint8 capBits, uint8 limit);

    /// @notice Thrown when a probe moves nothing, and so proves nothing.
    error TokenProbeMissing(address token);

    /// @notice Thrown when a transfer of the probe took or brought another amount than asked for.
    error TokenInexactTransfer(uint256 expected, uint256 received);

    /// @notice Admits `token` after moving `probe` of it from the caller to this contract and back. Caller: admin.
    /// @dev The caller approves the probe before, and has all of it again afterwards. Some tokens round their fee down:
    /// a probe of less than a whole unit may not show it.
    /// @dev Warning: a probe shows what the token does today. What an upgrade does to it, only its removal answers.
    /// @param capBits 1 to 80: a book holds at most 2**capBits - 1 of the token.
    /// @param probe In the token's base units.
    function admit(address token, uint8 capBits, uint256 probe) external;

    /// @notice Stops new books in `token`; existing ones keep going. Caller: admin.
    function remove(address token) external;

    /// @notice Decimals and cap of an admitted token; zeros if it is not admitted.
    function admissionOf(address token) external view returns (uint8 decimals, uint8 capBits);
}
