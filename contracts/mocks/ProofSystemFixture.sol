// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IJobFacts} from "../interfaces/IJobFacts.sol";
import {IJobRequest} from "../interfaces/IJobRequest.sol";
import {IProofSystem} from "../interfaces/IProofSystem.sol";
import {ISingleJobs} from "../interfaces/ISingleJobs.sol";
import {ProxyDeployer} from "../deployment/ProxyDeployer.sol";
import {EzklVerifier} from "../proof/EzklVerifier.sol";
import {ProofSystem} from "../proof/ProofSystem.sol";
import {FabToken} from "../tokens/FabToken.sol";
import {EzklFixture} from "./EzklFixture.sol";

/// @dev The marketplace as the ProofSystem sees it: facts that a test sets, and what it was told.
contract MarketplaceRecorder is IJobFacts, IJobRequest {
    mapping(uint256 jobId => JobFacts) private _facts;
    mapping(uint256 jobId => bytes32[2]) private _terms;
    mapping(uint256 jobId => uint256) public rejections;
    mapping(uint256 jobId => bool) private _disputed;
    bool public refuses;

    function set(uint256 jobId, JobFacts calldata facts, bytes32 model) external {
        _facts[jobId] = facts;
        _terms[jobId][0] = model;
    }

    function setInput(uint256 jobId, bytes32 inputHash) external {
        _terms[jobId][1] = inputHash;
    }

    /// @dev From then on it is no longer a submitted job, which could be challenged.
    function dispute(uint256 jobId) external {
        _facts[jobId].submitted = false;
        _disputed[jobId] = true;
    }

    function refuse(bool refuses_) external {
        refuses = refuses_;
    }

    function jobFacts(uint256 jobId) external view returns (JobFacts memory) {
        return _facts[jobId];
    }

    function jobRequest(uint256 jobId) external view returns (bytes32 model, bytes32 inputHash) {
        return (_terms[jobId][0], _terms[jobId][1]);
    }

    /// @dev Paid, refunded and unknown jobs are all over here.
    function getJob(uint256 jobId) external view returns (ISingleJobs.Job memory job) {
        job.status = _disputed[jobId]
            ? ISingleJobs.JobStatus.Disputed
            : _facts[jobId].submitted ? ISingleJobs.JobStatus.Submitted : ISingleJobs.JobStatus.Released;
    }

    function rejectResult(uint256 jobId) external {
        require(!refuses, "refused");
        require(_facts[jobId].submitted || _disputed[jobId], "not submitted");
        _facts[jobId].submitted = false;
        _disputed[jobId] = false;
        ++rejections[jobId];
    }
}

contract ReputationRecorder {
    mapping(address host => mapping(uint256 jobId => uint256)) public failures;

    function recordJobCompletion(address host, uint256 jobId, bool success) external {
        require(!success, "the ProofSystem books failures only");
        ++failures[host][jobId];
    }
}

/// @dev The registry as the ProofSystem sees it; pays out no stake, it says what it would.
contract RegistryRecorder {
    mapping(address node => bool) public isActiveNode;
    mapping(address node => address) public getNodeController;
    uint256 public slashable = 50e18;
    bool public refuses;
    address public lastSlashed;
    address public lastRecipient;

    function setNode(address node, bool active, address controller) external {
        isActiveNode[node] = active;
        getNodeController[node] = controller;
    }

    function setSlashable(uint256 amount, bool refuses_) external {
        (slashable, refuses) = (amount, refuses_);
    }

    function slash(address node, uint256 amount, address recipient, string calldata) external returns (uint256 slashed) {
        require(!refuses, "refused");
        slashed = amount < slashable ? amount : slashable;
        (lastSlashed, lastRecipient) = (node, recipient);
    }
}

/// @dev Holds the key that it is asked for and says yes to everything.
contract YesVerifier {
    function holdsKey(bytes32) external pure returns (bool) {
        return true;
    }

    function verify(bytes32, uint256[] calldata, bytes calldata) external pure returns (bool) {
        return true;
    }
}

/// @notice The ProofSystem behind its proxy with a real verifier; its neighbours are recorders, the marketplace at the
/// address that the proofs are bound to.
abstract contract ProofSystemFixture is EzklFixture {
    bytes32 internal constant MODEL = keccak256("perceptron");
    uint256 internal constant BOND = 10e18;

    ProofSystem internal proofs;
    EzklVerifier internal verifier;
    FabToken internal fabToken;
    MarketplaceRecorder internal market;
    RegistryRecorder internal nodes;
    ReputationRecorder internal scores;
    bytes32 internal vk;
    address internal host;
    address internal renter = makeAddr("renter");
    address internal watcher = makeAddr("watcher");
    address internal resolver = makeAddr("resolver");

    function deployProofSystem() internal {
        Case memory loaded = loadCase("job1");
        host = loaded.host;
        market = MarketplaceRecorder(loaded.marketplace);
        vm.etch(loaded.marketplace, address(new MarketplaceRecorder()).code);
        nodes = new RegistryRecorder();
        scores = new ReputationRecorder();
        fabToken = FabToken(deployCode("FabToken", abi.encode(address(this), 1_000_000e18)));
        verifier = deployVerifier();
        vk = verifier.vkHash();
        address[] memory resolvers = new address[](1);
        resolvers[0] = resolver;
        proofs = ProofSystem(
            ProxyDeployer(deployCode("ProxyDeployer")).deploy(
                "proofs",
                deployCode("ProofSystem"),
                abi.encodeCall(
                    ProofSystem.initialize,
                    (address(this), address(fabToken), address(market), address(nodes), address(scores), resolvers)
                )
            )
        );
        proofs.registerCircuit(MODEL, address(verifier), vk, loadLayout());
        nodes.setNode(host, true, host);
        nodes.setNode(watcher, true, watcher);
        vm.warp(1_800_000_000);
        setSubmitted(1);
        setSubmitted(2);
        market.setInput(1, proofOf("job1").inputHash);
        market.setInput(2, proofOf("job2").inputHash);
    }

    function setSubmitted(uint256 jobId) internal {
        setFacts(jobId, block.timestamp, true, false);
    }

    function setFacts(uint256 jobId, uint256 submittedAt, bool submitted, bool completed) internal {
        market.set(
            jobId,
            IJobFacts.JobFacts({
                renter: renter,
                host: host,
                token: address(0),
                fee: 0,
                submittedAt: submittedAt,
                submitted: submitted,
                completed: completed
            }),
            MODEL
        );
    }

    function proofOf(string memory name) internal view returns (IProofSystem.EZKLProof memory) {
        return jobProof(loadCase(name), vk);
    }

    /// @dev Passes every check but the cryptography.
    function falseProofOf(string memory name) internal view returns (IProofSystem.EZKLProof memory wrong) {
        wrong = proofOf(name);
        wrong.proof[100] ^= 0x01;
    }

    function fund(address account) internal {
        fabToken.transfer(account, 100e18);
        vm.prank(account);
        fabToken.approve(address(proofs), type(uint256).max);
    }

    function challenge(address challenger, uint256 jobId) internal returns (uint256) {
        bytes32 hash = proofs.evidenceHashOf(jobId, challenger, "evidence", "salt");
        vm.prank(challenger);
        return proofs.challengeProof(jobId, hash, BOND);
    }
}
