import { DatabaseError, type DatabaseErrorFacts, type RetryClass } from '../../errors.ts'

interface Rule {
  /** What failed; the label of the file follows. */
  readonly says: string
  readonly code?: 'connection' | 'lock-busy'
  readonly retry?: RetryClass
  readonly nextStep?: string
}

const STOP_AND_LOOK = 'stop the gateway and check the file with `PRAGMA integrity_check`'
const FIX_ACCESS = 'let the user that runs tidegate write the file and its folder'
const IN_THE_WAY = 'look at the row, and at what its table demands; nothing of it was kept'

// The first one that the result code starts with.
const RULES: readonly (readonly [string, Rule])[] = [
  [
    'SQLITE_BUSY_SNAPSHOT',
    { says: 'another program wrote meanwhile', code: 'lock-busy', retry: 'transaction' },
  ],
  [
    'SQLITE_BUSY',
    {
      says: 'another program has the database locked',
      code: 'lock-busy',
      retry: 'lock',
      nextStep: 'run the command again; while it lasts, look for a program in a long transaction',
    },
  ],
  ['SQLITE_PROTOCOL', { says: 'the write-ahead log is locked', code: 'lock-busy', retry: 'lock' }],
  [
    'SQLITE_NOTADB',
    {
      says: 'the file is not a SQLite database',
      code: 'connection',
      nextStep: 'check the path',
    },
  ],
  [
    'SQLITE_CANTOPEN',
    { says: 'the file cannot be opened', code: 'connection', nextStep: FIX_ACCESS },
  ],
  [
    'SQLITE_READONLY_DIRECTORY',
    {
      says: 'the folder of the file cannot be written, as its journal needs',
      nextStep: FIX_ACCESS,
    },
  ],
  [
    'SQLITE_READONLY_ROLLBACK',
    {
      says: 'a program died while it wrote the file, which must be repaired',
      nextStep:
        'start the gateway, or run `tidegate migrate up`: whoever opens the file to write repairs it',
    },
  ],
  ['SQLITE_READONLY', { says: 'the file cannot be written', nextStep: FIX_ACCESS }],
  ['SQLITE_CORRUPT', { says: 'the file is damaged', nextStep: STOP_AND_LOOK }],
  ['SQLITE_IOERR', { says: 'the disk failed', nextStep: STOP_AND_LOOK }],
  ['SQLITE_FULL', { says: 'the disk is full', nextStep: 'free some space and run it again' }],
  ['SQLITE_LOCKED', { says: 'a statement of this connection still runs' }],
  ['SQLITE_CONSTRAINT_UNIQUE', { says: 'duplicate value', nextStep: IN_THE_WAY }],
  ['SQLITE_CONSTRAINT_PRIMARYKEY', { says: 'duplicate value', nextStep: IN_THE_WAY }],
  ['SQLITE_CONSTRAINT_NOTNULL', { says: 'a value is missing', nextStep: IN_THE_WAY }],
  [
    'SQLITE_CONSTRAINT_FOREIGNKEY',
    { says: 'a row refers to one that does not exist', nextStep: IN_THE_WAY },
  ],
  ['SQLITE_CONSTRAINT', { says: 'a constraint is violated', nextStep: IN_THE_WAY }],
  ['SQLITE_NO_SUCH_TABLE', { says: 'the statement names a table that does not exist' }],
  ['SQLITE_NO_SUCH_COLUMN', { says: 'the statement names a column that does not exist' }],
  ['SQLITE_TOOBIG', { says: 'a value is too large' }],
  ['SQLITE_MISMATCH', { says: 'a value has the wrong type' }],
  ['SQLITE_ERROR', { says: 'the statement is wrong' }],
]

const UNKNOWN: Rule = { says: 'the statement failed' }

/** What a driver's error says, in our words: the driver's own text may quote rows and is dropped. */
export function describeFailure(
  error: unknown,
  label: string,
  unlessSaid: 'connection' | 'database' = 'database',
): DatabaseError {
  if (error instanceof DatabaseError) return error
  const { code, message } = readError(error)
  if (code === null) return refusedByDriver(label)
  const sqlState = refineCode(code, message)
  const names = readNames(sqlState, message)
  const rule = RULES.find(([prefix]) => sqlState.startsWith(prefix))?.[1] ?? UNKNOWN
  return new DatabaseError(
    rule.code ?? unlessSaid,
    `${rule.says}${whereOf(names)} (${label}, ${sqlState})`,
    { sqlState, retry: rule.retry ?? 'never', ...names },
    rule.nextStep,
  )
}

function refusedByDriver(label: string): DatabaseError {
  const message = `the driver refused a statement or a value (${label})`
  return new DatabaseError('database', message, { sqlState: null, retry: 'never' })
}

/** Whether another program is in the way, so that the same statement may succeed later. */
export function isBusy(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === 'lock-busy'
}

function readError(error: unknown): { code: string | null; message: string } {
  if (!(error instanceof Error) || !('code' in error)) return { code: null, message: '' }
  const { code, message } = error
  return { code: typeof code === 'string' && code !== '' ? code : null, message }
}

// SQLite gives one code to everything that is wrong with a statement.
function refineCode(code: string, message: string): string {
  if (code !== 'SQLITE_ERROR') return code
  if (message.startsWith('no such table: ')) return 'SQLITE_NO_SUCH_TABLE'
  if (message.startsWith('no such column: ')) return 'SQLITE_NO_SUCH_COLUMN'
  return code
}

const NAMED = /^(?:UNIQUE|NOT NULL) constraint failed: ([A-Za-z_]\w*)\.([A-Za-z_]\w*)(?:,|$)/

// Of these codes alone the message holds names and nothing else.
function readNames(code: string, message: string): Pick<DatabaseErrorFacts, 'table' | 'column'> {
  if (!/^SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY|NOTNULL)$/.test(code)) return {}
  const [, table, column] = NAMED.exec(message) ?? []
  return table === undefined || column === undefined ? {} : { table, column }
}

function whereOf({ table, column }: Pick<DatabaseErrorFacts, 'table' | 'column'>): string {
  return table === undefined ? '' : ` in ${table}.${column}`
}
