import { FAIL_LEVELS } from '../../diff/finding.ts'
import { DRIFT_FORMATS } from '../../report/drift/formats.ts'
import type { CommandDefinition } from '../command.ts'
import { FLEET_OPTIONS, SIDE_OPTIONS } from '../options.ts'
import { driftSelftest } from './drift-selftest.ts'

const REPORT_OPTIONS = {
  format: {
    type: 'string',
    choices: DRIFT_FORMATS,
    describe: 'what to print; text when absent',
  },
  output: {
    alias: 'o',
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'file to write as well, by its ending: .html .md .json .jsonl .sarif .xml .txt',
  },
  github: {
    type: 'boolean',
    default: false,
    describe: 'comment on the pull request, write the job summary and the annotations',
  },
} as const

const drift: CommandDefinition = {
  command: '$0',
  describe: 'compare two sides; nothing is written to either',
  options: {
    ...SIDE_OPTIONS,
    ...REPORT_OPTIONS,
    ...FLEET_OPTIONS,
    'fail-on': {
      type: 'string',
      choices: FAIL_LEVELS,
      default: 'warning',
      describe: 'the least severity that gives exit code 2',
    },
    explain: {
      type: 'boolean',
      default: false,
      describe: 'how each table was compared, with bytes, scans and round trips',
    },
  },
  examples: [
    ['$0 drift', 'the local SQLite file with production'],
    ['$0 drift --from seeds --to production', 'what is declared with what is there'],
    ['$0 drift --to snapshots/production.jsonl', 'without any access to production'],
    ['$0 drift --output drift.html --output drift.sarif', 'files beside the text'],
  ],
  fleet: 'drift',
  run: async (context) => (await import('../drift-run.ts')).runDrift(context),
}

const render: CommandDefinition = {
  command: 'render <file>',
  describe: 'render a report that `drift --format json` wrote',
  options: REPORT_OPTIONS,
  examples: [['$0 drift render drift.json --format markdown', 'the comment, without comparing']],
  run: async (context) => (await import('../drift-run.ts')).runRender(context),
}

export const driftCommands: readonly CommandDefinition[] = [drift, render, driftSelftest]
