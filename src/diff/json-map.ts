import { compareBytes } from '../gateway/byte-order.ts'
import { canonicalJson } from '../gateway/json.ts'
import { jsonMembers } from '../gateway/json-members.ts'
import type { Cell } from '../snapshot/model.ts'

/** One member on both sides, as canonical JSON; null on a side that lacks it. */
export interface MemberDifference {
  readonly path: string
  readonly from: string | null
  readonly to: string | null
}

/** The members of a JSON object as canonical JSON; null when the cell is no JSON object. */
export function canonicalMembers(cell: Cell): Map<string, string> | null {
  const members = cell === null ? null : jsonMembers(cell)
  if (members === null) return null
  return new Map([...members].map(([name, json]) => [name, canonicalValue(json)]))
}

/** Members that differ, in the order of their names; [] unless both cells are JSON objects. */
export function differingMembers(from: Cell, to: Cell): MemberDifference[] {
  const [left, right] = [canonicalMembers(from), canonicalMembers(to)]
  if (left === null || right === null) return []
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .toSorted(compareBytes)
    .map((path) => ({ path, from: left.get(path) ?? null, to: right.get(path) ?? null }))
}

/** Scalars have no canonical JSON of their own, so each value is written as the only one of a list. */
function canonicalValue(json: string): string {
  return canonicalJson(`[${json}]`)?.slice(1, -1) ?? json
}
