// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What governance (the timelock) sets, and where it is read. None of it reaches what users are owed. Every
/// `set` function is the timelock's alone.
interface IMarketplaceSettings {
    /// @param index Position in the governed list, from 1; 0 is an unknown token.
    struct TokenConfig {
        uint8 index;
        bool accepted;
        uint128 minDeposit;
        uint128 maxDeposit;
    }

    /// @param token `address(0)` is ETH.
    /// @param minimum Smallest deposit, in the token's smallest unit.
    struct TokenSetup {
        address token;
        uint256 minimum;
        uint256 maximum;
    }

    struct PaymasterSetup {
        address entryPoint;
        address paymaster;
    }

    /// @param registry Says who may host.
    /// @param treasury Receives the protocol's fees.
    /// @param stakers Receives the stakers' fees.
    /// @param proofSystem `address(0)` for none: what needs a proof is refused.
    /// @param reputation `address(0)` for none.
    /// @param arbiter Decides disputes; `address(0)` for none, and they end half and half.
    /// @param guardian May pause new work; `address(0)` for none.
    struct Neighbours {
        address registry;
        address treasury;
        address stakers;
        address proofSystem;
        address reputation;
        address arbiter;
        address guardian;
    }

    /// @notice Once, by the deployer of the proxy. Fees start at 10 % and 5 %, the closing window at one hour.
    /// @param owner The timelock.
    /// @param neighbours May be addresses that are not deployed yet.
    /// @param tokens Payment tokens and their limits; ETH is always one and takes no deposits unless named.
    /// @param paymasters Sponsor of each EntryPoint that has one.
    function initialize(
        address owner,
        Neighbours calldata neighbours,
        TokenSetup[] calldata tokens,
        PaymasterSetup[] calldata paymasters
    ) external;

    /// @notice De-listing affects new deposits only.
    function setAcceptedToken(address token, bool accepted) external;

    /// @notice Smallest and largest deposit, in the token's smallest unit.
    function setTokenLimits(address token, uint256 minimum, uint256 maximum) external;

    /// @notice Who gets the protocol's fees, those collected before included; never `address(0)`.
    function setTreasury(address treasury) external;

    /// @notice Who gets the stakers' fees; see {IMarketplaceLedger-distributeFees}. Never `address(0)`.
    function setStakers(address stakers) external;

    /// @notice Fees of work opened from now on, in basis points; together at most 3,000.
    function setFees(uint256 protocolBps, uint256 stakersBps) external;

    /// @notice Seconds, 10 minutes to 24 hours, for sessions opened from now on.
    function setClosingWindow(uint256 window) external;

    /// @notice `address(0)` closes the verified mode and refuses every proof.
    function setProofSystem(address proofSystem) external;

    /// @notice Who is told how jobs end; `address(0)` for nobody, and no job asks for a score.
    function setReputation(address reputation) external;

    /// @notice Who decides disputes.
    function setArbiter(address arbiter) external;

    /// @notice Paymaster that default session keys of accounts on `entryPoint` are limited to.
    function setSponsorPaymaster(address entryPoint, address paymaster) external;

    /// @notice Place, limits and state of a payment token; all zero for one that was never listed.
    function tokenConfig(address token) external view returns (TokenConfig memory);

    /// @notice Receives the protocol's fees.
    function treasury() external view returns (address);

    /// @notice Receives the stakers' fees.
    function stakers() external view returns (address);

    /// @notice Basis points that new work will pay.
    function fees() external view returns (uint256 protocolBps, uint256 stakersBps);

    /// @notice Seconds that a session opened now will stay closing.
    function closingWindow() external view returns (uint256);

    /// @notice Says who may host.
    function registry() external view returns (address);

    /// @notice Checks proofs; `address(0)` for none.
    function proofSystem() external view returns (address);

    /// @notice Is told how jobs end; `address(0)` for none.
    function reputation() external view returns (address);

    /// @notice Decides disputes and challenges of attested work; `address(0)` for none.
    function arbiter() external view returns (address);

    /// @notice Id of the newest job or session; 0 before the first.
    function lastJobId() external view returns (uint256);
}
