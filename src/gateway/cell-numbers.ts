/** Null for NULL and for what is no integer. */
export function readInteger(cell: string | null): bigint | null {
  return cell !== null && /^-?\d+$/.test(cell) ? BigInt(cell) : null
}

/** A weight as a share; 0 for NULL and for what the gateway cannot read. */
export function readShare(cell: string | null): number {
  return Math.max(0, Number(readInteger(cell) ?? 0n))
}
