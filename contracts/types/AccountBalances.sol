// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccountWord} from "./AccountWord.sol";

/// @notice Changing of the balances in hot words. Additions cannot overflow: a book never owes more than a uint80 (see
/// `Books`), and no account holds more than its book owes.
library AccountBalanceLibrary {
    uint256 private constant FEES_SHIFT = 160;

    /// @notice The same word with `amount` more available.
    function addAvailable(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) + amount);
        }
    }

    /// @notice The same word with `amount` less available; the caller knows that there is as much.
    function subAvailable(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) - amount);
        }
    }

    /// @notice The same word with `amount` more pending.
    function addPending(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) + (amount << 80));
        }
    }

    /// @notice The same word with `amount` less pending; the caller knows that there is as much.
    function subPending(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) - (amount << 80));
        }
    }

    /// @notice The same word with `amount` more fees; the caller knows that they stay within `MAX_FEES`.
    function addFees(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) + (amount << FEES_SHIFT));
        }
    }

    /// @notice The same word with `amount` less fees; the caller knows that there is as much.
    function subFees(AccountWord word, uint256 amount) internal pure returns (AccountWord) {
        unchecked {
            return AccountWord.wrap(AccountWord.unwrap(word) - (amount << FEES_SHIFT));
        }
    }
}
