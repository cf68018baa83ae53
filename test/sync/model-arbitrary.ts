import fc from 'fast-check'
import type { DialectName } from '../../src/database/contract.ts'
import { OPTION_MAP } from './model-cells.ts'
import { Hand, Restore, Undo } from './model-commands.ts'
import type { Edit, SideName } from './model-state.ts'
import type { Disturbance } from './model-step.ts'
import { ApplyFile, PlanFile, Sync } from './model-sync.ts'

/** On average half as many. */
const COMMANDS = 30

const name = fc.constantFrom('a', 'a', 'b', 'b', 'c', 'd')

const VALUES = {
  models: ['m', 'm,n', 'n,m', 'm,n,o'],
  group: ['default', 'default,vip'],
  status: ['1', '2', '3'],
  priority: ['0', '5', '7'],
  tag: [null, '', 't'],
  remark: [null, '', 'x', 'y'],
  model_mapping: [null, '{"a":1}', '{"b":2,"a":1}', '{"a":3,"c":0}', '{}'],
  key: ['sk-test-one-1234', 'sk-test-two-1234'],
  used_quota: ['0', '9'],
} as const

const cell: fc.Arbitrary<Edit> = fc
  .constantFrom(...(Object.keys(VALUES) as (keyof typeof VALUES)[]))
  .chain((column) => fc.tuple(name, fc.constant(column), fc.constantFrom(...VALUES[column])))
  .map(([of, column, value]) => ({ kind: 'cell', name: of, column, value }))

const added: fc.Arbitrary<Edit> = fc
  .record({
    models: fc.constantFrom(...VALUES.models),
    group: fc.constantFrom(...VALUES.group),
    status: fc.constantFrom('1', '2'),
    priority: fc.constantFrom(...VALUES.priority),
    remark: fc.constantFrom(...VALUES.remark),
    model_mapping: fc.constantFrom(...VALUES.model_mapping),
    key: fc.constantFrom(...VALUES.key),
    tag: fc.constantFrom(...VALUES.tag),
  })
  .chain((cells) => name.map((of) => ({ kind: 'add', name: of, cells: { ...cells, weight: '0' } })))

const remark = (of: string, value: string): Edit => {
  return { kind: 'cell', name: of, column: 'remark', value }
}

const setOption = (key: string, value: string): Edit => ({ kind: 'option', name: key, value })

const map = fc.constantFrom('{}', '{"a":1}', '{"b":2,"a":1}', '{"a":3,"c":0}')

const option: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant('option'),
    name: fc.constant(OPTION_MAP),
    value: fc.option(map, { freq: 5 }),
  }),
  fc.record({
    kind: fc.constant('option'),
    name: fc.constantFrom('Footer', 'Footer', 'About', 'SMTPToken', 'ServerAddress'),
    value: fc.option(fc.constantFrom('x', 'y', 'z'), { freq: 5 }),
  }),
)

const edit = fc.oneof<fc.MaybeWeightedArbitrary<Edit>[]>(
  { weight: 6, arbitrary: cell },
  { weight: 4, arbitrary: added },
  { weight: 4, arbitrary: option },
  { weight: 2, arbitrary: name.map((of) => ({ kind: 'drop', name: of })) },
  { weight: 2, arbitrary: name.map((of) => ({ kind: 'derive', name: of })) },
  { weight: 1, arbitrary: name.map((of) => ({ kind: 'stray', name: of, model: 'n' })) },
)

/** The same cell on both sides. */
const clash = fc.oneof(
  fc
    .tuple(name, fc.shuffledSubarray(['x', 'y', 'z', ''], { minLength: 2 }))
    .map(([of, [a, b]]) => [remark(of, a!), remark(of, b!)]),
  fc.tuple(map, map).map((values) => values.map((value) => setOption(OPTION_MAP, value))),
)

/** Of a row that is there: nothing keeps two programs from making the same row at once. */
const meanwhile: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 3, arbitrary: cell },
  fc.record({
    kind: fc.constant('cell'),
    name,
    column: fc.constant('remark'),
    value: fc.constant('z'),
  }),
)

/** Writers come while rows are read, locked and written, kills at any time. */
const fault: fc.Arbitrary<Disturbance | null> = fc.option(
  fc.oneof(
    fc.record({
      at: fc.integer({ min: 1, max: 26 }),
      kind: fc.constant('kill'),
      edit: meanwhile,
    }),
    fc.record({
      at: fc.integer({ min: 3, max: 13 }),
      kind: fc.constant('writer'),
      edit: meanwhile,
    }),
  ),
  { freq: 2 },
)

const flag = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true))

/** A point that is made while somebody writes holds that, or not. */
const disturbed = fc
  .record({ fault, hasPoint: flag })
  .map((one) => ({ ...one, hasPoint: one.hasPoint && one.fault?.kind !== 'writer' }))

const side = fc.constantFrom<SideName>('local', 'production')

export function allCommands(dialect: DialectName) {
  const asked = fc.record({ overwrite: flag, delete: flag })
  const sync = fc
    .tuple(fc.constantFrom('push', 'pull'), asked, disturbed)
    .map(([command, ask, one]) => new Sync({ command, ...ask, ...one }))
  const undone = fc.tuple(side, fc.option(fc.nat({ max: 3 })), disturbed)
  const files = dialect === 'sqlite' ? side : fc.constant<SideName>('local')
  const hand = fc.tuple(side, edit).map(([at, one]) => new Hand([[at, one]]))
  const both = clash.map(
    ([one, other]) =>
      new Hand([
        ['local', one!],
        ['production', other!],
      ]),
  )
  const commands = fc.commands(
    [
      hand,
      hand,
      both,
      sync,
      sync,
      sync,
      asked.map((ask) => new PlanFile(ask)),
      disturbed.map((one) => new ApplyFile(one)),
      undone.map(([at, back, one]) => new Undo({ at, back, ...one })),
      fc.tuple(files, fc.option(cell)).map(([at, crash]) => new Restore(at, crash)),
    ],
    { maxCommands: COMMANDS, size: 'max' },
  )
  // Short ones are seldom of interest, and shrinking finds them.
  return fc.noBias(commands)
}
