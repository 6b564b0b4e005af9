// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Books, keys, the court, stops, seizure and recovery
interface ILedgerAdministration {
    /// @notice How much of a capture a class withholds and for how long. `delay` in seconds.
    struct HoldbackClass {
        uint16 bps;
        uint40 delay;
    }

    /// @notice A seizure as stored. `executableFrom` in Unix seconds.
    struct Seizure {
        address operator;
        uint80 amount;
        address token;
        uint40 executableFrom;
        address account;
        address proposer;
        bytes32 courtReference;
    }

    /// @notice A book was opened for an operator in a token.
    event BookOpened(address indexed operator, address indexed token, address vault, uint256 capBits);

    /// @notice A key may, or may no longer, act for an operator, or settle.
    event AuthoritySynced(address indexed key, address indexed operator, bool isSettler);

    /// @notice The court that may open disputes was set.
    event CourtSet(address court);

    /// @notice The most that the guarantee fund of a book advances for one account was set.
    event AdvanceLimitSet(address indexed operator, address indexed token, uint256 advanceLimit);

    /// @notice A holdback class was set. The delay of a class never changes; another share holds for later captures.
    event HoldbackClassSet(uint256 indexed holdbackClass, uint256 bps, uint256 delay);

    /// @notice A contract may, or may no longer, bring payers' money in.
    event CollectorSet(address indexed collector, bool isAllowed);

    /// @notice The paused regions changed; bits: 1 inflow, 2 capture, 4 payout.
    event RegionsPaused(address indexed by, uint256 paused);

    /// @notice Money of a frozen account may be seized from `executableFrom` on.
    event SeizureProposed(
        bytes32 indexed seizureId,
        address indexed operator,
        address indexed account,
        address token,
        uint256 amount,
        bytes32 courtReference,
        uint256 executableFrom
    );

    /// @notice A proposed seizure was given up.
    event SeizureCanceled(bytes32 indexed seizureId);

    /// @notice Money of a frozen account went to the statutory account.
    event AccountSeized(
        bytes32 indexed seizureId,
        address indexed operator,
        address indexed account,
        address token,
        address statutoryAccount,
        uint256 amount,
        uint256 accountWord,
        uint256 statutoryWord
    );

    /// @notice Balances and debt of a recovered account went to its successor.
    event AccountRebound(
        address indexed operator,
        address indexed account,
        address indexed successor,
        address token,
        uint256 accountWord,
        uint256 successorWord,
        uint256 coldWord,
        uint256 successorColdWord
    );

    /// @notice Thrown when the book exists already.
    error BookExists(address operator, address token);

    /// @notice Thrown when no more books, or keys, can be added.
    error LedgerTooMany(uint256 count, uint256 limit);

    /// @notice Thrown when the token is not admitted to the network.
    error BookTokenNotAdmitted(address token);

    /// @notice Thrown when a holdback class or its values are out of range. `delay` in seconds.
    error HoldbackClassInvalid(uint256 holdbackClass, uint256 bps, uint256 delay);

    /// @notice Thrown when the same seizure was proposed in this block already.
    error SeizureAlreadyProposed(bytes32 seizureId);

    /// @notice Thrown when no such seizure is proposed.
    error SeizureUnknown(bytes32 seizureId);

    /// @notice Thrown when a seizure is not due. Times in Unix seconds.
    error SeizureTooEarly(bytes32 seizureId, uint256 executableFrom, uint256 nowSeconds);

    /// @notice Thrown when the proposer wants to execute its own seizure.
    error SeizureSamePerson(bytes32 seizureId, address caller);

    /// @notice Thrown when the account is neither frozen nor closed without a successor, or no statutory account is named.
    error SeizureForbidden(address account, uint256 status, address statutoryAccount);

    /// @notice Thrown when the registry has recovered the account to no one.
    error RebindUnknown(address account);

    /// @notice Thrown when an account cannot be closed yet: money, debts, disputes or, in Unix seconds, time.
    error AccountNotClosable(address account, address operator, address token, uint256 closableFrom);

    /// @notice Opens `operator`'s book in an admitted `token`, deploying its vault at the first one.
    function openBook(address operator, address token) external returns (address vault);

    /// @notice Names the court that may open disputes; one that was replaced still ends those it opened.
    function setCourt(address court) external;

    /// @notice Sets the most that the guarantee fund of a book advances for one account. Caller: treasurer.
    function setAdvanceLimit(address operator, address token, uint80 advanceLimit) external;

    /// @notice Sets a holdback class, 1 to 7. Caller: risk.
    function setHoldbackClass(uint8 holdbackClass, uint16 bps, uint40 delay) external;

    /// @notice Lets a collector bring payers' money in, or no longer.
    function setCollector(address collector, bool isAllowed) external;

    /// @notice Copies from the access manager whether `key` may act for `operator` and whether it may settle.
    /// @dev Anyone may call: the answer is the manager's, so a revocation needs no delay.
    function syncAuthority(address key, address operator) external;

    /// @notice Copies the standing of `accounts` from the registry into their account words, opening them if need be.
    function syncAccounts(address operator, address token, address[] calldata accounts) external;

    /// @notice Copies the standing of `account` into every book that knows it.
    function refresh(address account) external;

    /// @notice Stops regions (bits: 1 inflow, 2 capture, 4 payout). Caller: guardian.
    /// @dev Voids, refunds, reclaims, disputes and withdrawals cannot be stopped.
    function pause(uint8 regions) external;

    /// @notice Starts regions again. Caller: admin.
    function unpause(uint8 regions) external;

    /// @notice Proposes to seize money of a frozen account on a court's order. Caller: compliance.
    function proposeSeizure(
        address operator,
        address token,
        address account,
        uint80 amount,
        bytes32 courtReference
    ) external returns (bytes32 seizureId);

    /// @notice Gives a proposed seizure up. Caller: compliance.
    function cancelSeizure(bytes32 seizureId) external;

    /// @notice Moves the money to the statutory account after the delay. Caller: seizure role, not the proposer.
    function executeSeizure(bytes32 seizureId) external;

    /// @notice Moves what a recovered account holds and owes, reserve apart, to its successor. Anyone may call, again and
    /// again.
    function rebind(address operator, address token, address account) external;

    /// @notice Reverts unless the account holds and owes nothing anywhere and can no longer be disputed.
    function requireClosable(address account, uint256 closingSince) external view;

    /// @notice The court that may open disputes; zero if none was set.
    function court() external view returns (address);

    /// @notice The paused regions as bits.
    function paused() external view returns (uint8);

    /// @notice The operator `key` acts for (zero if none) and whether it settles.
    function authorityOf(address key) external view returns (address operator, bool isSettler);

    /// @notice A holdback class; zeros if it was never set.
    function holdbackClassOf(uint256 holdbackClass) external view returns (HoldbackClass memory);

    /// @notice Whether a collector may bring payers' money in.
    function isCollector(address collector) external view returns (bool);

    /// @notice A proposed seizure; zeros if there is none.
    function seizureOf(bytes32 seizureId) external view returns (Seizure memory);
}
