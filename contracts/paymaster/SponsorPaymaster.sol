// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP7702Utils} from "@openzeppelin/contracts/account/utils/EIP7702Utils.sol";
import {ERC4337Utils} from "@openzeppelin/contracts/account/utils/ERC4337Utils.sol";
import {IEntryPoint, IPaymaster, PackedUserOperation} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ISponsorPaymaster} from "../interfaces/ISponsorPaymaster.sol";

/// @notice Pays for operations that one of two signer keys has approved.
/// @dev Everything that validation needs stands in the code: signers and domain are immutables, so a bundler admits
/// it without stake. Rotation deploys a successor with one kept and one new key, see {migrateTo}.
contract SponsorPaymaster is ISponsorPaymaster, IPaymaster, EIP712 {
    bytes32 private constant OPERATION_TYPEHASH = keccak256(
        "SponsoredOperation(address entryPoint,address sender,uint256 nonce,bytes32 initCodeHash,bytes32 delegateCodeHash,bytes32 callDataHash,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes32 paymasterGasLimits,bytes16 policyHash,uint48 validAfter,uint48 validUntil)"
    );

    /// @dev paymasterAndData: paymaster (20) ‖ gas limits (16, 16) ‖ policyHash (16) ‖ validAfter (6) ‖
    /// validUntil (6) ‖ signature (65).
    uint256 private constant GAS_LIMITS_OFFSET = 20;
    uint256 private constant DATA_OFFSET = 52;
    uint256 private constant VALID_AFTER_OFFSET = 68;
    uint256 private constant VALID_UNTIL_OFFSET = 74;
    uint256 private constant SIGNATURE_OFFSET = 80;
    uint256 private constant END = 145;

    uint48 private constant MAX_WINDOW = 1 hours;

    IEntryPoint public immutable entryPoint;
    /// @inheritdoc ISponsorPaymaster
    address public immutable signerA;
    /// @inheritdoc ISponsorPaymaster
    address public immutable signerB;
    /// @inheritdoc ISponsorPaymaster
    address public immutable operator;
    /// @inheritdoc ISponsorPaymaster
    address payable public immutable treasury;

    modifier onlyOperator() {
        if (msg.sender != operator) revert SponsorPaymasterNotOperator(msg.sender);
        _;
    }

    constructor(
        IEntryPoint entryPoint_,
        address signerA_,
        address signerB_,
        address operator_,
        address payable treasury_
    ) EIP712("FabstirSponsorPaymaster", "1") {
        if (
            address(entryPoint_) == address(0) || signerA_ == address(0) || signerB_ == address(0)
                || operator_ == address(0) || treasury_ == address(0)
        ) revert SponsorPaymasterZeroAddress();
        entryPoint = entryPoint_;
        signerA = signerA_;
        signerB = signerB_;
        operator = operator_;
        treasury = treasury_;
    }

    /// @inheritdoc IPaymaster
    /// @dev A wrong signature is returned, not reverted, so that gas can be estimated with a dummy of 65 bytes.
    function validatePaymasterUserOp(PackedUserOperation calldata userOp, bytes32, uint256)
        external
        view
        virtual
        returns (bytes memory context, uint256 validationData)
    {
        if (msg.sender != address(entryPoint)) revert SponsorPaymasterNotEntryPoint(msg.sender);
        bytes calldata data = userOp.paymasterAndData;
        // Exactly this long: the suffix that EntryPoint 0.9 leaves out of the hash is refused on 0.8 as well.
        if (data.length != END) revert SponsorPaymasterDataLength(_lengthAfter(data, DATA_OFFSET));

        uint48 validAfter = uint48(bytes6(data[VALID_AFTER_OFFSET:]));
        uint48 validUntil = uint48(bytes6(data[VALID_UNTIL_OFFSET:]));
        // From the top bit on, EntryPoint 0.9 would count blocks instead of seconds.
        if (validUntil <= validAfter || validUntil - validAfter > MAX_WINDOW || validUntil >> 47 != 0) {
            revert SponsorPaymasterWindow(validAfter, validUntil);
        }

        (address signer,,) = ECDSA.tryRecoverCalldata(sponsorshipHash(userOp), data[SIGNATURE_OFFSET:]);
        bool valid = signer != address(0) && (signer == signerA || signer == signerB);
        return ("", ERC4337Utils.packValidationData(valid, validAfter, validUntil));
    }

    /// @inheritdoc IPaymaster
    /// @dev Never called by an EntryPoint: validation returns no context.
    function postOp(PostOpMode, bytes calldata, uint256, uint256) external view {
        revert SponsorPaymasterNotEntryPoint(msg.sender);
    }

    /// @notice EIP-712 digest that a signer signs for `userOp`; the signature part of paymasterAndData is left out.
    function sponsorshipHash(PackedUserOperation calldata userOp) public view returns (bytes32) {
        bytes calldata data = userOp.paymasterAndData;
        return _hashTypedDataV4(
            keccak256(
                abi.encode(
                    OPERATION_TYPEHASH,
                    entryPoint,
                    userOp.sender,
                    userOp.nonce,
                    keccak256(userOp.initCode),
                    _delegateCodeHash(userOp.sender),
                    keccak256(userOp.callData),
                    userOp.accountGasLimits,
                    userOp.preVerificationGas,
                    userOp.gasFees,
                    bytes32(data[GAS_LIMITS_OFFSET:DATA_OFFSET]),
                    bytes16(data[DATA_OFFSET:VALID_AFTER_OFFSET]),
                    uint48(bytes6(data[VALID_AFTER_OFFSET:VALID_UNTIL_OFFSET])),
                    uint48(bytes6(data[VALID_UNTIL_OFFSET:SIGNATURE_OFFSET]))
                )
            )
        );
    }

    /// @inheritdoc ISponsorPaymaster
    function deposit() external payable {
        entryPoint.depositTo{value: msg.value}(address(this));
    }

    /// @inheritdoc ISponsorPaymaster
    function getDeposit() external view returns (uint256) {
        return entryPoint.balanceOf(address(this));
    }

    /// @inheritdoc ISponsorPaymaster
    /// @dev The deposit passes through this contract, see {receive}. Rotation is the power to name a signer, and
    /// with it to spend the deposit: the operator's key is to be held as safely as the treasury's.
    function migrateTo(address next, uint256 amount) external onlyOperator {
        _requireSuccessor(next);
        emit DepositMigrated(next, amount);
        entryPoint.withdrawTo(payable(address(this)), amount);
        entryPoint.depositTo{value: amount}(next);
    }

    /// @inheritdoc ISponsorPaymaster
    function withdraw(uint256 amount) external onlyOperator {
        emit DepositWithdrawn(treasury, amount);
        entryPoint.withdrawTo(treasury, amount);
    }

    /// @notice Stakes the sent wei, for bundlers that admit few operations of an unstaked paymaster (UREP-020).
    function addStake(uint32 unstakeDelaySec) external payable onlyOperator {
        entryPoint.addStake{value: msg.value}(unstakeDelaySec);
    }

    /// @notice Starts the unstake delay. Operator only.
    function unlockStake() external onlyOperator {
        entryPoint.unlockStake();
    }

    /// @notice Moves the unlocked stake to the fixed treasury. Operator only.
    function withdrawStake() external onlyOperator {
        entryPoint.withdrawStake(treasury);
    }

    /// @dev Only the EntryPoint pays in, while {migrateTo} runs.
    receive() external payable {
        if (msg.sender != address(entryPoint)) revert SponsorPaymasterNotEntryPoint(msg.sender);
    }

    /// @dev Guards the operator against a wrong address: the successor answers with the same EntryPoint, operator and
    /// treasury, and keeps at least one of the signers. It does not guard against a stolen operator key: any contract
    /// can answer so, and a genuine successor pays for what the thief's signer approves. What bounds that loss is the
    /// size of the deposit.
    function _requireSuccessor(address next) private view {
        if (next == address(this) || next.code.length == 0) revert SponsorPaymasterBadSuccessor(next);
        SponsorPaymaster successor = SponsorPaymaster(payable(next));
        address nextA = successor.signerA();
        address nextB = successor.signerB();
        bool keepsKey = nextA == signerA || nextA == signerB || nextB == signerA || nextB == signerB;
        if (
            !keepsKey || address(successor.entryPoint()) != address(entryPoint) || successor.operator() != operator
                || successor.treasury() != treasury
        ) revert SponsorPaymasterBadSuccessor(next);
    }

    /// @dev Only the first three bytes of the code are copied, not the whole of a large account.
    function _delegateCodeHash(address sender) private view returns (bytes32) {
        bytes32 start;
        assembly ("memory-safe") {
            mstore(0x00, 0)
            extcodecopy(sender, 0x00, 0x00, 3)
            start := mload(0x00)
        }
        return bytes3(start) == EIP7702Utils.EIP7702_PREFIX ? sender.codehash : bytes32(0);
    }

    function _lengthAfter(bytes calldata data, uint256 offset) private pure returns (uint256) {
        return data.length < offset ? 0 : data.length - offset;
    }
}
