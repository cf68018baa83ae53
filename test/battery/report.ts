import { availableParallelism } from 'node:os'
import { execFileSync } from 'node:child_process'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { findPgBouncer } from '../support/pgbouncer.ts'
import type { PostgresServer } from '../support/postgres.ts'
import type { ClassOutcome } from './run.ts'

/** The battery's result of one day, as a page. */
export async function renderReport(
  outcomes: readonly ClassOutcome[],
  server: PostgresServer,
): Promise<string> {
  const { scale, seed } = outcomes[0]!.input
  const command = `npm run battery -- --scale ${scale} --seed ${seed} --write docs/reliability.md`
  const seconds = outcomes.reduce((total, outcome) => total + outcome.seconds, 0)
  return `# Reliability

What \`deploy\`, \`push\`, \`apply\`, \`pull\`, \`undo\`, \`copy\` and \`restore\` leave behind when they are killed
or cut off, and \`deploy\` when it is started many times at once. This page is written by the fault battery itself:

\`\`\`sh
${command}
\`\`\`

Run on ${new Date().toISOString().slice(0, 10)} in ${Math.round(seconds)} s: ${await describeMachine(server)}. The files of the
test server are not synced (\`fsync=off\`): the battery is about programs and connections that die, not
about power cuts.

${renderTable(outcomes)}
${renderProblems(outcomes)}
## What is done

${outcomes.map(({ faultClass }) => `- **${faultClass.name}**: ${faultClass.describe}`).join('\n')}

Every \`deploy\` starts from the tables of the incident's gateway, with channels that have padded lists and
broken abilities; most also with the row that people wrote by hand. The last column of
the table says where the faults struck: \`after 0002\` means that the second migration was committed and the
third was not, \`with a journal\` that SQLite had something to take back or to finish.
The other commands start where both sides have agreed once and the left one has got new, changed and
deleted rows since, \`copy\` from an empty target: \`struck before\` and \`struck after\` say what the fault
left, \`done\` that the run went on by itself.

## What must be true

An undisturbed \`deploy\` is watched from outside, and the contents of the database between its steps
are written down: schema and all rows, without times, durations and ids of runs. There are six such
states: before it, after each of the four migrations, and after the seed. A case has converged when

1. what the fault left is exactly one of those states; on SQLite \`PRAGMA integrity_check\`
   finds nothing; tidegate's own tables agree with each other;
2. the disturbed \`deploy\` itself ended within 30 s, with a documented exit code and an error of
   tidegate's own, and printed no stack and no secret; cut off once,
   it went on by itself and exited 0;
3. one more plain \`deploy\` exits 0 and leads to the last of those states;
4. the one after that writes nothing: no byte of a SQLite file, no row version on PostgreSQL;
5. on PostgreSQL no session of tidegate and no advisory lock is left.

The other commands are judged by the states of their own undisturbed runs, and besides

6. the journal holds exactly what was done: each row of the gateway that differs has entries whose
   images are the row as it was and as it is, and no entry is about another row;
7. a run that says it is done has done it, and one that reports an error has written nothing, but for
   an \`undo\` that was cut off behind its COMMIT (the error names the run) and a \`copy\` whose rows
   could not be compared afterwards;
8. once more, the same \`apply\` is stale (exit code 2) and the same \`copy\` is refused (1);
9. a \`restore\` that is broken off loses neither what was there nor the restore point.

In a race, besides, every process exits 0, each migration and the seed is the work of exactly one of
them, and the writer beside them has lost no write and had no error.

## How to run it

\`npm test\` runs a tenth of it, of the classes for each command only two, and \`TIDEGATE_SEED\` repeats one that failed. \`npm run battery\` runs all of it; \`-- --only cut\` one class, \`-- --scale 0.1\` a tenth,
\`-- --seed ${seed}\` the same points again (the moments of SIGKILL are the same fractions of a run, which is
as far as they can be repeated). Each line names its seed. PgBouncer is started where it is installed
(\`apt-get install pgbouncer\`); elsewhere its line says SKIPPED.
`
}

function renderTable(outcomes: readonly ClassOutcome[]): string {
  const rows = outcomes.map(({ faultClass, result, seconds }) => {
    const { points, recovered, problems, note, skipped } = result
    const cells = [points, recovered, problems.length, seconds.toFixed(0), skipped ?? note]
    return `| ${[faultClass.name, ...cells].join(' | ')} |`
  })
  return [
    '| fault | points | converged | problems | s | |',
    '| --- | --: | --: | --: | --: | --- |',
  ]
    .concat(rows)
    .join('\n')
}

function renderProblems(outcomes: readonly ClassOutcome[]): string {
  const problems = outcomes.flatMap(({ result }) => result.problems)
  return problems.length === 0
    ? ''
    : `\n## Problems\n\n${problems.map((p) => `- ${p}`).join('\n')}\n`
}

async function describeMachine(server: PostgresServer): Promise<string> {
  const cores = availableParallelism()
  const memory = new Sqlite(':memory:')
  const sqlite = String(memory.prepare('select sqlite_version()').pluck().get())
  memory.close()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query<{ server_version: string }>('show server_version')
  await client.end()
  const pgBouncer = findPgBouncer()
  const versions = [
    `Node.js ${process.versions.node}`,
    `PostgreSQL ${rows[0]!.server_version}`,
    `SQLite ${sqlite}`,
    pgBouncer === null ? 'no PgBouncer' : firstLine(pgBouncer),
  ]
  return `${cores} cores, ${versions.join(', ')}`
}

function firstLine(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]!
}
