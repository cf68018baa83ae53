import { readFileSync, readdirSync } from 'node:fs'

const FOLDER = new URL('../fixtures/gateway/', import.meta.url)

export interface Ddl {
  readonly file: string
  /** Table to column to declared type, in lower case. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** Table to the columns of its primary key. */
  readonly primaryKeys: ReadonlyMap<string, readonly string[]>
}

/** The tables that real gateways made, read with just enough grammar for those files. */
export function readDdls(): Ddl[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => {
      const sql = readFileSync(new URL(file, FOLDER), 'utf8')
      return file.startsWith('sqlite') ? readSqlite(file, sql) : readPostgres(file, sql)
    })
}

function readSqlite(file: string, sql: string): Ddl {
  const statements = [
    ...sql.matchAll(
      /^CREATE TABLE (?:IF NOT EXISTS )?[`"](\w+)[`"] \((.*),PRIMARY KEY \(([^)]*)\)/gm,
    ),
  ]
  return {
    file,
    tables: new Map(
      statements.map(([, table = '', body = '']) => [
        table,
        columnMap([...body.matchAll(/(?:^|,) ?`(\w+)` ([^,(]+)/g)]),
      ]),
    ),
    primaryKeys: new Map(statements.map(([, table = '', , keys = '']) => [table, names(keys)])),
  }
}

function readPostgres(file: string, sql: string): Ddl {
  const tables = sql.matchAll(/^CREATE TABLE public\.(\w+) \(\n(.*?)\n\);/gms)
  const keys = sql.matchAll(/^ALTER TABLE ONLY public\.(\w+)\s+ADD .* PRIMARY KEY \((.*)\);/gm)
  return {
    file,
    tables: new Map(
      [...tables].map(([, table = '', body = '']) => [
        table,
        columnMap([...body.matchAll(/^ +"?(\w+)"? ([^,(]+)/gm)]),
      ]),
    ),
    primaryKeys: new Map([...keys].map(([, table = '', list = '']) => [table, names(list)])),
  }
}

function columnMap(matches: readonly RegExpExecArray[]): ReadonlyMap<string, string> {
  return new Map(matches.map(([, name = '', type = '']) => [name, type.trim().toLowerCase()]))
}

function names(list: string): string[] {
  return list.split(',').map((name) => name.trim().replaceAll(/[`"]/g, ''))
}
