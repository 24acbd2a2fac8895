// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IHostTerms} from "../interfaces/IHostTerms.sol";
import {IJobMarketplace} from "../interfaces/IJobMarketplace.sol";
import {INodeRegistry} from "../interfaces/INodeRegistry.sol";
import {IProofGate} from "../interfaces/IProofGate.sol";
import {IReputationSystem} from "../interfaces/IReputationSystem.sol";
import {ISessionJobs} from "../interfaces/ISessionJobs.sol";
import {Ledger} from "./Ledger.sol";

/// @title What single jobs and sessions share: one counter of ids, who may host, the neighbours, the fees, the state of
/// the breaker, and what holds a host's stake.
/// @dev Both halves of the marketplace inherit it and meet in the same storage.
abstract contract JobBook is Ledger {
    /// @dev What a host has to do besides its sessions, which are counted in the ledger.
    /// @param obligations Single jobs that hold the host's stake; one too high from the first one on: the slot never
    /// returns to zero, which would make the next obligation cost 17,100 gas more.
    /// @param claims Single jobs that the host holds and has not handed in: a claim bond is at stake for each.
    struct HostWork {
        uint128 obligations;
        uint64 cappedSessions;
        uint64 claims;
    }

    /// @custom:storage-location erc7201:fabstir.storage.JobBook
    /// @dev The first slot is one that every creation reads for the registry and writes for its id: reading the breaker
    /// there costs nothing. The second holds what is fixed per job when it is opened.
    struct BookStorage {
        INodeRegistry registry;
        uint40 lastJobId;
        uint40 breakerUntil;
        IProofGate proofSystem;
        uint16 protocolBps;
        uint16 stakersBps;
        uint32 closingWindow;
        mapping(address host => HostWork) work;
        IReputationSystem reputation;
        address arbiter;
    }

    /// @dev keccak256(abi.encode(uint256(keccak256("fabstir.storage.JobBook")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 private constant BOOK_STORAGE = 0x722cda5a048080c1ff590f302df1805b121813e0984936bb033196f355a3b000;

    /// @dev Unix seconds from which on nothing is stopped.
    function _breakerUntil() internal view returns (uint256) {
        return _bookStorage().breakerUntil;
    }

    function _setBreakerUntil(uint256 until) internal {
        _bookStorage().breakerUntil = uint40(until);
    }

    function _setRegistry(address registry_) internal {
        if (registry_ == address(0)) revert IJobMarketplace.MarketplaceZeroAddress();
        _bookStorage().registry = INodeRegistry(registry_);
    }

    function _registry() internal view returns (INodeRegistry) {
        return _bookStorage().registry;
    }

    /// @dev `address(0)` until governance names one: what needs a proof then fails.
    function _proofSystem() internal view returns (IProofGate) {
        return _bookStorage().proofSystem;
    }

    /// @dev `address(0)` until governance names one.
    function _reputation() internal view returns (IReputationSystem) {
        return _bookStorage().reputation;
    }

    function _arbiter() internal view returns (address) {
        return _bookStorage().arbiter;
    }

    /// @dev What new work will pay of its gross amount, in basis points.
    function _feeBps() internal view returns (uint16 protocol, uint16 stakers_) {
        BookStorage storage $ = _bookStorage();
        return ($.protocolBps, $.stakersBps);
    }

    function _nextJobId() internal returns (uint256) {
        return ++_bookStorage().lastJobId;
    }

    function _lastJobId() internal view returns (uint256) {
        return _bookStorage().lastJobId;
    }

    function _checkHost(address host, address renter) internal view {
        if (host == renter) revert IJobMarketplace.MarketplaceSelfDealing(renter);
        if (!_bookStorage().registry.isAcceptingNode(host)) revert IJobMarketplace.MarketplaceHostNotActive(host);
    }

    /// @dev One call for all that opening a session asks of the registry.
    /// @return maxSessions 0 is no cap.
    /// @return minPricePer1000 0 is none.
    function _sessionTerms(address host, address renter, bytes32 model, address token)
        internal
        view
        returns (uint256 maxSessions, uint256 minPricePer1000)
    {
        if (host == renter) revert IJobMarketplace.MarketplaceSelfDealing(renter);
        bool accepting;
        (accepting, maxSessions, minPricePer1000) =
            IHostTerms(address(_bookStorage().registry)).sessionTerms(host, model, token);
        if (!accepting) revert IJobMarketplace.MarketplaceHostNotActive(host);
    }

    /// @dev Counts a session of a host that takes `maximum` at a time. Sessions of hosts without a cap are not counted,
    /// so that they do not pay for it.
    function _countCapped(address host, uint256 maximum) internal {
        HostWork storage work = _bookStorage().work[host];
        uint64 open = work.cappedSessions;
        if (open >= maximum) revert ISessionJobs.SessionHostFull(host, open, maximum);
        if (work.obligations == 0) work.obligations = 1;
        work.cappedSessions = open + 1;
    }

    /// @dev Ends a session that {_countCapped} counted.
    function _releaseCapped(address host) internal {
        _bookStorage().work[host].cappedSessions -= 1;
    }

    function _cappedSessions(address host) internal view returns (uint256) {
        return _bookStorage().work[host].cappedSessions;
    }

    function _addObligation(address host) internal {
        HostWork storage work = _bookStorage().work[host];
        uint128 stored = work.obligations;
        work.obligations = stored == 0 ? 2 : stored + 1;
    }

    /// @dev A claim is an obligation from now until the job ends, and counts as a claim until {_releaseClaim}.
    /// @return claims That the host holds with this one.
    function _addClaim(address host) internal returns (uint256 claims) {
        _addObligation(host);
        return ++_bookStorage().work[host].claims;
    }

    function _releaseClaim(address host) internal {
        --_bookStorage().work[host].claims;
    }

    function _releaseObligation(address host) internal {
        _bookStorage().work[host].obligations -= 1;
    }

    function _openObligations(address host) internal view returns (uint256) {
        uint256 stored = _bookStorage().work[host].obligations;
        return (stored == 0 ? 0 : stored - 1) + _openSessions(host);
    }

    function _bookStorage() internal pure returns (BookStorage storage $) {
        assembly {
            $.slot := BOOK_STORAGE
        }
    }
}
