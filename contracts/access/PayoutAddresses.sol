// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Signatures} from "../types/Signatures.sol";

/// @title Where participants are paid, and how they change it
/// @notice In two steps with a delay between them, so that a stolen key cannot redirect a payout unseen.
abstract contract PayoutAddresses is IParticipantRegistry, AccessManaged, EIP712 {
    /// @notice How long everybody can see a new payout address before money goes there.
    uint40 public constant PAYOUT_ADDRESS_DELAY = 3 days;

    bytes32 private constant PAYOUT_ADDRESS_CHANGE_TYPEHASH = keccak256(
        "PayoutAddressChange(address account,address payoutAddress,uint256 nonce,uint40 deadline)"
    );

    /// @dev `effectiveFrom` 0: nothing was requested.
    struct Request {
        address requested;
        uint40 effectiveFrom;
    }

    mapping(address account => Request) private _requests;
    mapping(address account => uint256) private _nonces;

    /// @inheritdoc IParticipantRegistry
    function requestPayoutAddress(address newAddress) external {
        _request(msg.sender, newAddress);
    }

    /// @inheritdoc IParticipantRegistry
    function requestPayoutAddressFor(
        address account,
        address newAddress,
        uint40 deadline,
        bytes calldata signature
    ) external {
        require(block.timestamp <= deadline, PayoutAddressTooLate(account, block.timestamp, deadline));
        uint256 nonce = _nonces[account];
        bytes32 structHash = keccak256(
            abi.encode(PAYOUT_ADDRESS_CHANGE_TYPEHASH, account, newAddress, nonce, deadline)
        );
        require(
            Signatures.isSignedBy(account, _hashTypedDataV4(structHash), signature),
            PayoutAddressSignatureInvalid(account, nonce)
        );

        _request(account, newAddress);
    }

    /// @inheritdoc IParticipantRegistry
    function confirmPayoutAddress(address account) external {
        Participant storage participant = _payee(account);
        Request memory request = _requests[account];
        require(request.effectiveFrom != 0, PayoutAddressNotRequested(account));
        require(
            block.timestamp >= request.effectiveFrom,
            PayoutAddressTooEarly(account, block.timestamp, request.effectiveFrom)
        );

        address previous = participant.payoutAddress;
        participant.payoutAddress = request.requested;
        delete _requests[account];

        emit PayoutAddressChanged(account, previous, request.requested);
    }

    /// @inheritdoc IParticipantRegistry
    function cancelPayoutAddress() external {
        _cancel(msg.sender);
    }

    /// @inheritdoc IParticipantRegistry
    function cancelPayoutAddressFor(address account) external restricted {
        _cancel(account);
    }

    /// @inheritdoc IParticipantRegistry
    function payoutAddressOf(address account) external view returns (address) {
        address payoutAddress = _participant(account).payoutAddress;
        return payoutAddress == address(0) ? account : payoutAddress;
    }

    /// @inheritdoc IParticipantRegistry
    function pendingPayoutAddressOf(address account) external view returns (address requested, uint40 effectiveFrom) {
        Request storage request = _requests[account];
        return (request.requested, request.effectiveFrom);
    }

    /// @inheritdoc IParticipantRegistry
    function payoutAddressNonce(address account) external view returns (uint256) {
        return _nonces[account];
    }

    function _participant(address account) internal view virtual returns (Participant storage);

    function _hasRequest(address account) internal view returns (bool) {
        return _requests[account].effectiveFrom != 0;
    }

    function _cancel(address account) internal {
        Request memory request = _requests[account];
        require(request.effectiveFrom != 0, PayoutAddressNotRequested(account));

        delete _requests[account];
        ++_nonces[account];

        emit PayoutAddressCanceled(account, request.requested);
    }

    /// @dev Takes a nonce even without a signature: what was signed before must not replace this later.
    function _request(address account, address newAddress) private {
        Participant storage participant = _payee(account);

        // Cannot truncate: Unix seconds fit 40 bits for 34,000 years.
        uint40 effectiveFrom = uint40(block.timestamp) + PAYOUT_ADDRESS_DELAY;
        _requests[account] = Request(newAddress, effectiveFrom);
        ++_nonces[account];

        emit PayoutAddressRequested(account, participant.payoutAddress, newAddress, effectiveFrom);
    }

    function _payee(address account) private view returns (Participant storage participant) {
        participant = _participant(account);
        Status status = participant.status;
        require(status != Status.None, ParticipantUnknown(account));
        require(status != Status.Frozen && status != Status.Closed, PayoutAddressForbidden(account, status));
    }
}
