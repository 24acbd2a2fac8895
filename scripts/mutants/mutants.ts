import type { Mutant } from './mutate.ts'

const system = 'contracts/system/SystemInvariants.t.sol'
const services = 'contracts/system/ServicesInvariants.t.sol'
const governance = 'contracts/system/GovernanceInvariants.t.sol'

/** Classical bugs, at least one against each of I1 to I8. */
export const mutants: readonly Mutant[] = [
  {
    name: 'a settled session stays open',
    file: 'contracts/marketplace/SessionJobs.sol',
    find: 'progress.setStatus(SessionStatus.Settled);',
    replace: '',
    walk: system,
    rule: 'I',
  },
  {
    name: 'the protocol fee is rounded up',
    file: 'contracts/marketplace/FeeSplit.sol',
    find: 'protocol = gross * protocolBps / BASIS;',
    replace: 'protocol = (gross * protocolBps + BASIS - 1) / BASIS;',
    walk: system,
    rule: 'I2',
  },
  {
    name: 'the refund of a session is lost',
    file: 'contracts/marketplace/SessionJobs.sol',
    find: '_credit(renter, token, toRenter);',
    replace: '',
    walk: system,
    rule: 'I',
  },
  {
    name: 'a batch of proofs is not held against the deposit',
    file: 'contracts/marketplace/SessionCheckpoints.sol',
    find: `        _checkCapacity(jobId, progress, cumulativeTokens);
    }`,
    replace: '    }',
    walk: system,
    rule: 'I3',
  },
  {
    name: 'a dispute is resolved twice',
    file: 'contracts/marketplace/PaymentEscrow.sol',
    find: `        StoredJob storage job = _inStatus(jobId, JobStatus.Disputed);
        (address renter, address host)`,
    replace: `        StoredJob storage job = _singleJobsStorage().jobs[jobId];
        (address renter, address host)`,
    walk: system,
    rule: 'I',
  },
  {
    name: 'an obligation is never released',
    file: 'contracts/marketplace/JobBook.sol',
    find: '_bookStorage().work[host].obligations -= 1;',
    replace: '_bookStorage().work[host].obligations -= 0;',
    walk: system,
    rule: 'I6',
  },
  {
    name: 'a pause reaches the cancellation of a job',
    file: 'contracts/marketplace/SingleJobs.sol',
    find: 'StoredJob storage job = _inStatus(jobId, JobStatus.Posted);\n        if (msg.sender != job.renter)',
    replace:
      '_requireOpen(ISingleJobs.postJob.selector, 1);\n        StoredJob storage job = _inStatus(jobId, JobStatus.Posted);\n        if (msg.sender != job.renter)',
    walk: system,
    rule: 'I6',
  },
  {
    name: 'slashed stake is claimed again and again',
    file: 'contracts/registry/StakeSlashing.sol',
    find: 'delete $.slashed[msg.sender];',
    replace: '',
    walk: system,
    rule: 'I',
  },
  {
    name: 'what a key spends is not booked',
    file: 'contracts/account/session/SessionUse.sol',
    find: 'writeSlot(slot, limit - (amount << 128));',
    replace: 'writeSlot(slot, limit);',
    walk: system,
    rule: 'I7',
  },
  {
    name: 'the salt of a signed grant stays unused',
    file: 'contracts/account/BaseAccountIntegration.sol',
    find: `        $.usedSalts[salt] = true;

        bytes32 policyHash`,
    replace: '        bytes32 policyHash',
    walk: system,
    rule: 'I7',
  },
  {
    name: 'keys survive a change of owner',
    file: 'contracts/account/FabstirAccount.sol',
    find: `        _setOwner(newOwner);
        _startEpoch();`,
    replace: '        _setOwner(newOwner);',
    walk: system,
    rule: 'I7',
  },
  {
    name: 'the vault fills a deposit beyond the budget of a day',
    file: 'contracts/paymaster/TopUpVault.sol',
    find: 'if (deposit > cap) revert TopUpVaultDepositTooHigh(paymaster, deposit, cap);',
    replace: '',
    walk: system,
    rule: 'I8',
  },
  {
    name: 'a share of the splitter is owed by nobody',
    file: 'contracts/tokenomics/RevenueSplitter.sol',
    find: '$.liabilities[token] += toHost + toTreasury;',
    replace: '$.liabilities[token] += toHost;',
    walk: system,
    rule: 'I1',
  },
  {
    name: 'the work after an operation is not charged',
    file: 'contracts/paymaster/TokenPaymaster.sol',
    find: 'uint256 cost = actualGasCost + (postOpGas + ENTRY_POINT_GAS) * actualUserOpFeePerGas;',
    replace:
      'uint256 cost = actualGasCost + 0 * (postOpGas + ENTRY_POINT_GAS) * actualUserOpFeePerGas;',
    walk: services,
    rule: 'less than it cost',
  },
  {
    name: 'the exchange says what it sold',
    file: 'contracts/tokenomics/Buyback.sol',
    find: 'if (bought < minimum) revert',
    replace: 'if (bought < 1) revert',
    walk: services,
    rule: 'too few were bought',
  },
  {
    name: 'a simple majority changes everything',
    file: 'contracts/governance/FabstirGovernor.sol',
    find: 'if (!_superMajority[proposalId]) return true;',
    replace: 'if (proposalId != 0) return true;',
    walk: governance,
    rule: 'not won',
  },
]
