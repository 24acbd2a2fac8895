// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Pays for operations that one of two signer keys has approved. No storage is read in validation, no
/// context is kept: legal without stake (ERC-7562).
/// @dev `paymasterData` = policyHash (16 bytes) ‖ validAfter (6) ‖ validUntil (6) ‖ signature (65: r, s, v).
/// The signature is EIP-712, domain {name "FabstirSponsorPaymaster", version "1", chainId, verifyingContract}, over
/// SponsoredOperation(address entryPoint,address sender,uint256 nonce,bytes32 initCodeHash,bytes32 delegateCodeHash,
/// bytes32 callDataHash,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,
/// bytes32 paymasterGasLimits,bytes16 policyHash,uint48 validAfter,uint48 validUntil)
/// with paymasterGasLimits = verificationGasLimit (16 bytes) ‖ postOpGasLimit (16 bytes) and delegateCodeHash =
/// EXTCODEHASH of a sender whose code begins with 0xef0100, else 0.
interface ISponsorPaymaster {
    /// @notice `paymasterData` is not 93 bytes long (on EntryPoint 0.8 an op with the 0.9 suffix is one case).
    error SponsorPaymasterDataLength(uint256 length);
    error SponsorPaymasterNotEntryPoint(address caller);
    error SponsorPaymasterNotOperator(address caller);
    /// @notice The window is longer than one hour or empty.
    error SponsorPaymasterWindow(uint48 validAfter, uint48 validUntil);
    error SponsorPaymasterZeroAddress();
    /// @notice The successor does not answer like a paymaster of the same EntryPoint.
    error SponsorPaymasterBadSuccessor(address next);

    event DepositMigrated(address indexed next, uint256 amount);
    event DepositWithdrawn(address indexed treasury, uint256 amount);

    /// @notice One of the two keys that approve operations.
    function signerA() external view returns (address);

    /// @notice The other one.
    function signerB() external view returns (address);

    /// @notice Who may withdraw, migrate and stake.
    function operator() external view returns (address);

    /// @notice Where every withdrawal goes.
    function treasury() external view returns (address payable);

    /// @notice Adds the sent wei to the deposit at the EntryPoint.
    function deposit() external payable;

    /// @notice Deposit at the EntryPoint in wei.
    function getDeposit() external view returns (uint256);

    /// @notice Moves `amount` wei of the deposit to the successor's deposit. Operator only.
    /// @dev The checks on `next` catch a wrong address. A stolen operator key can move the deposit to a contract of its
    /// own all the same: keep the deposit small.
    function migrateTo(address next, uint256 amount) external;

    /// @notice Kill switch: moves `amount` wei of the deposit to the fixed treasury at once. Operator only.
    function withdraw(uint256 amount) external;
}
