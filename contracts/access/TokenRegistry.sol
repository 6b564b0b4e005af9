// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ITokenRegistry} from "../interfaces/ITokenRegistry.sol";

/// @title Which tokens books may be opened in
contract TokenRegistry is ITokenRegistry, AccessManaged, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev Amounts of orders are uint80.
    uint8 private constant MAX_CAP_BITS = 80;

    struct Admission {
        uint8 decimals;
        uint8 capBits;
    }

    mapping(address token => Admission) private _admissions;

    constructor(address authority) AccessManaged(authority) {}

    /// @inheritdoc ITokenRegistry
    function admit(address token, uint8 capBits, uint256 probe) external restricted nonReentrant {
        require(_admissions[token].capBits == 0, TokenAlreadyAdmitted(token));
        require(capBits != 0 && capBits <= MAX_CAP_BITS, TokenCapInvalid(capBits, MAX_CAP_BITS));
        require(probe != 0, TokenProbeMissing(token));

        _probe(IERC20(token), msg.sender, address(this), probe);
        _probe(IERC20(token), address(this), msg.sender, probe);

        uint8 decimals = IERC20Metadata(token).decimals();
        _admissions[token] = Admission(decimals, capBits);

        emit TokenAdmitted(token, decimals, capBits);
    }

    /// @inheritdoc ITokenRegistry
    function remove(address token) external restricted {
        require(_admissions[token].capBits != 0, TokenNotAdmitted(token));

        delete _admissions[token];

        emit TokenRemoved(token);
    }

    /// @inheritdoc ITokenRegistry
    function admissionOf(address token) external view returns (uint8 decimals, uint8 capBits) {
        Admission storage admission = _admissions[token];
        return (admission.decimals, admission.capBits);
    }

    /// @dev Moves `amount` and looks at both ends: a fee may be taken from what arrives or on top of what leaves.
    function _probe(IERC20 token, address from, address to, uint256 amount) private {
        uint256 fromBefore = token.balanceOf(from);
        uint256 toBefore = token.balanceOf(to);

        if (from == address(this)) token.safeTransfer(to, amount);
        else token.safeTransferFrom(from, to, amount);

        uint256 sent = _difference(fromBefore, token.balanceOf(from));
        uint256 received = _difference(token.balanceOf(to), toBefore);
        require(received == amount, TokenInexactTransfer(amount, received));
        require(sent == amount, TokenInexactTransfer(amount, sent));
    }

    /// @dev Zero where a token moved the wrong way, so that this is told as an inexact transfer as well.
    function _difference(uint256 larger, uint256 smaller) private pure returns (uint256) {
        return larger > smaller ? larger - smaller : 0;
    }
}
