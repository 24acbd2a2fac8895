/** Measures every operation on the deployed system and prints it beside its ceiling and what it cost before. */
import { renderTable } from '../contracts/operations/cli/table.ts'
import { ceilings } from '../test/contracts/gas/ceilings.ts'
import { measureGasParts } from '../test/contracts/gas/measureGas.ts'

const { gas, apart } = await measureGasParts()
const number = (value: number | undefined) =>
  value === undefined ? '' : Math.round(value).toLocaleString('en')

console.log(
  renderTable([
    ['operation', 'gas', 'ceiling', 'predecessor', ''],
    ...ceilings.map(({ operation, ceiling, predecessor = '', above = '' }) => {
      const used = gas[operation]
      const over = ceiling !== undefined && used !== undefined && used > ceiling
      return [operation, number(used), number(ceiling), predecessor, over ? `above: ${above}` : '']
    }),
  ]),
)

const single = gas['50 single jobs'] ?? 0
const rows = [
  { name: '50 single jobs', transactions: '200', predecessor: '22,979,250' },
  { name: 'session of 50 prompts, 5 checkpoints', transactions: '7', predecessor: '1,432,912' },
  { name: 'session of 50 prompts, voucher only', transactions: '2', predecessor: '' },
  {
    name: 'session of 50 prompts, every step gasless',
    transactions: '7 operations',
    predecessor: '',
  },
  {
    name: 'session of 50 prompts, voucher only, gasless',
    transactions: '2 operations',
    predecessor: '',
  },
]
console.log('\n50 prompts, 2,500 tokens, paid in ETH\n')
console.log(
  renderTable([
    ['', 'sent', 'gas', 'saved', 'predecessor'],
    ...rows.map(({ name, transactions, predecessor }) => [
      name,
      transactions,
      number(gas[name]),
      name === '50 single jobs'
        ? ''
        : `${(100 * (1 - (gas[name] ?? single) / single)).toFixed(1)} %`,
      predecessor,
    ]),
  ]),
)

console.log('\nWhat is above its ceiling, taken apart by its trace\n')
console.log(
  renderTable([
    [
      ...['operation', 'transaction', 'new slots', 'changed slots', 'read slots', 'contracts'],
      ...['logs', 'rest'],
    ],
    ...[...apart].map(([operation, part]) => [operation, ...Object.values(part).map(number)]),
  ]),
)
