// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Balances and debt of participants at an operator
/// @notice Money is kept per book: one operator's vault in one token. In a book each account has a hot word and, where
/// money was ever short, a cold word; see `AccountWord`. Events carry the resulting words, so that readers copy them.
interface IAccounts {
    /// @notice One credit of a batch deposit.
    struct Deposit {
        address account;
        uint256 amount;
    }

    /// @notice A book as stored. `liabilities` is everything the ledger owes out of the vault in this token, at most
    /// 2**capBits - 1; `guarantee` the part of it that stands for debts, of which one account is advanced at most
    /// `advanceLimit`.
    struct Book {
        address vault;
        uint80 liabilities;
        uint8 capBits;
        uint80 guarantee;
        uint80 advanceLimit;
        uint24 openCycle;
    }

    /// @notice An account's standing was copied from the registry.
    event AccountSynced(address indexed operator, address indexed token, address indexed account, uint256 accountWord);

    /// @notice Tokens came into the vault for an account.
    event Deposited(
        address indexed operator,
        address indexed account,
        address token,
        address from,
        uint256 amount,
        uint256 accountWord
    );

    /// @notice An account took its own available balance out.
    event Withdrawn(
        address indexed operator,
        address indexed account,
        address token,
        address to,
        uint256 amount,
        uint256 accountWord
    );

    /// @notice The guarantee fund of a book grew by a payment.
    event GuaranteeFunded(
        address indexed operator,
        address indexed token,
        address from,
        uint256 amount,
        uint256 guarantee
    );

    /// @notice The guarantee fund paid what an account could not.
    event DebtIncurred(
        address indexed operator,
        address indexed account,
        address token,
        uint256 amount,
        uint256 guarantee,
        uint256 coldWord
    );

    /// @notice An account's money went back to the guarantee fund against its debt.
    event DebtRepaid(
        address indexed operator,
        address indexed account,
        address token,
        uint256 amount,
        uint256 guarantee,
        uint256 coldWord
    );

    /// @notice Thrown when the operator has no book in this token.
    error AccountsBookUnknown(address operator, address token);

    /// @notice Thrown when a region is paused; both as bits, see `ILedgerAdministration.pause`.
    error LedgerPaused(uint256 region, uint256 paused);

    /// @notice Thrown when unpaid awards come before any payout of the account.
    error AccountsAwardsUnpaid(address account, uint256 total);

    /// @notice Thrown when an account is not in a status that allows the call.
    error AccountsNotActive(address account, uint8 status);

    /// @notice Thrown when an account's due diligence has expired. Times in Unix seconds.
    error AccountsKycExpired(address account, uint256 kycUntil, uint256 nowSeconds);

    /// @notice Thrown when an account has less available than asked.
    error AccountsInsufficient(address account, uint256 requested, uint256 available);

    /// @notice Thrown when the guarantee fund cannot pay what an account is short of.
    error AccountsGuaranteeExhausted(address account, uint256 shortfall, uint256 guarantee);

    /// @notice Thrown when a deposit would take a book beyond what its words can hold.
    error AccountsBookLimit(uint256 liabilities, uint256 limit);

    /// @notice Thrown when an amount is 0 or above 80 bits.
    error AmountInvalid(uint256 amount, uint256 limit);

    /// @notice Thrown when the vault received another amount than was sent.
    error AccountsInexactTransfer(uint256 expected, uint256 received);

    /// @notice Thrown when the vault holds less than the ledger owes out of it; outflows stop.
    error AccountsInsolvent(address vault, uint256 balance, uint256 liabilities);

    /// @notice Thrown when the caller may not do this.
    error LedgerForbidden(address caller);

    /// @notice Takes `amount` tokens from the caller and makes them available to `account`.
    function deposit(address operator, address token, address account, uint256 amount) external;

    /// @notice Takes the sum from the caller and credits every line, all or none.
    function depositBatch(address operator, address token, Deposit[] calldata deposits) external;

    /// @notice Pays `amount` of the caller's available balance, after what it owes, out to the caller. Never paused.
    function withdraw(address operator, address token, uint256 amount) external;

    /// @notice Adds `amount` of the caller's tokens to the fund that pays what merchants are short of.
    function fundGuarantee(address operator, address token, uint256 amount) external;

    /// @notice The book of `operator` in `token`; zeros if there is none.
    function bookOf(address operator, address token) external view returns (Book memory);

    /// @notice The hot word of an account, as in `AccountWord`.
    function accountWord(address operator, address token, address account) external view returns (uint256);

    /// @notice The cold word of an account, as in `ColdWord`.
    function coldWord(address operator, address token, address account) external view returns (uint256);
}
