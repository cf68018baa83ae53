import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { SeedFile } from './files.ts'

export interface SeedLocation {
  /** Path from the project's root, with slashes. */
  readonly file: string
  /** From 1. */
  readonly line: number
}

/** Where a seed file declares a column of a row. */
export type LocateSeed = (
  seed: string,
  rowKey: string,
  column: string | null,
) => SeedLocation | null

/**
 * Finds declarations by name in the text of the seed files: the property that is called like the
 * column, after the row's own id or key, else that id or key, else the first line. A seed is code,
 * so this is where a person would look first, not proof of where a value is computed.
 */
export async function locateSeeds(files: readonly SeedFile[], root: string): Promise<LocateSeed> {
  const texts = new Map(
    await Promise.all(
      files.map(async ({ name, path }): Promise<[string, SeedText]> => {
        const text = await readFile(path, 'utf8')
        const file = relative(root, path).replaceAll('\\', '/')
        return [name, { file, lines: withoutComments(text).split('\n') }]
      }),
    ),
  )
  return (seed, rowKey, column) => {
    const text = texts.get(seed)
    // A seed that the package ships is not the project's to change.
    return text === undefined || text.file.startsWith('..')
      ? null
      : { file: text.file, line: findLine(text, rowKey, column) }
  }
}

interface SeedText {
  readonly file: string
  readonly lines: readonly string[]
}

function findLine({ lines }: SeedText, rowKey: string, column: string | null): number {
  const name = rowKey.slice(rowKey.indexOf(':') + 1)
  const row = lines.findIndex((line) => /['"`]/.test(line) && quotes(line).includes(name))
  const start = Math.max(row, 0)
  const isProperty = (line: string): boolean =>
    column !== null && propertiesOf(line).includes(column)
  const property = lines.findIndex((line, index) => index >= start && isProperty(line))
  return (property === -1 ? start : property) + 1
}

function quotes(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`/g)].map(
    ([, single, double, template]) => single ?? double ?? template ?? '',
  )
}

function propertiesOf(line: string): string[] {
  return [...line.matchAll(/(\w+)['"]?\s*[:(,}]|(\w+)\s*$/g)].map(
    ([, name, shorthand]) => name ?? shorthand ?? '',
  )
}

/** Comments as blanks: lines keep their numbers. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, (comment) =>
    comment.replaceAll(/[^\n]/g, ' '),
  )
}
