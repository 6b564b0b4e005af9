// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DisputeWord} from "../types/DisputeWord.sol";
import {OrderTerms} from "../types/OrderTerms.sol";
import {DisputeRecords} from "./DisputeRecords.sol";

/// @title Who gets the bonds
/// @dev A panel that ruled is paid at the end, not by the ruling: a vote must stay cheap, and paying a member writes a
/// word of the ledger. What no one gets here stays in the bond, which the ledger gives back to the payer.
abstract contract PanelFees is DisputeRecords {
    /// @dev Every member who voted gets the same, however it voted. A bond that bought no ruling goes back.
    function _payPanels(OrderTerms calldata terms, Record storage record, DisputeWord word) internal {
        Policy memory policy = _policyAt(word.policyVersion());
        uint256 amount = word.amount();
        if (record.voters != 0) {
            _payVoters(terms, record, word, record.voters, false, _bondUp(amount, policy.openBondBps));
        }
        if (record.appellant == Side.None) return;

        uint256 bond = _bondUp(amount, policy.appealBondBps);
        if (record.appealVoters != 0) _payVoters(terms, record, word, record.appealVoters, true, bond);
        else if (bond != 0) _payOne(terms, _partyOf(terms, record.appellant), bond);
    }

    function _payVoters(
        OrderTerms calldata terms,
        Record storage record,
        DisputeWord word,
        uint32 voters,
        bool isAppealed,
        uint256 bond
    ) private {
        address[] memory members = _panelOf(terms.arbiterSetId, word.setVersion(), record.isEscalated, isAppealed)
            .members;
        address[] memory accounts = new address[](_count(voters));
        uint256 count;
        for (uint256 i; i < members.length; ++i) {
            if (voters & (1 << i) != 0) accounts[count++] = members[i];
        }
        uint256 share = bond / count;
        if (share == 0) return;

        uint256[] memory amounts = new uint256[](count);
        for (uint256 i; i < count; ++i) {
            amounts[i] = share;
        }
        LEDGER.payBond(terms, accounts, amounts);
    }

    function _payOne(OrderTerms calldata terms, address account, uint256 amount) private {
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        accounts[0] = account;
        amounts[0] = amount;
        LEDGER.payBond(terms, accounts, amounts);
    }

    function _count(uint32 voters) private pure returns (uint256 count) {
        for (; voters != 0; voters &= voters - 1) ++count;
    }
}
