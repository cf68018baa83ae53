import type { CatalogColumn } from '../contract.ts'

/** What the driver binds for a canonical text. See `Database.bind`. */
export function bindValue({ family }: CatalogColumn, canonical: string | null): unknown {
  if (canonical === null) return null
  switch (family) {
    case 'boolean':
      return bindBoolean(canonical)
    case 'integer':
      return bindInteger(canonical)
    case 'number':
      return bindNumber(canonical)
    case 'json':
      // The gateway stores its JSON as bytes, and does not read text there.
      return Buffer.from(canonical, 'utf8')
    case 'bytes':
      return bindBytes(canonical)
    default:
      return canonical
  }
}

// What is no value of the family is bound as the text it is, so that nothing is lost or invented.

function bindBoolean(canonical: string): unknown {
  if (canonical === 'true') return 1
  return canonical === 'false' ? 0 : bindInteger(canonical)
}

const SMALLEST = -(2n ** 63n)
const LARGEST = 2n ** 63n - 1n

function bindInteger(canonical: string): bigint | string {
  if (!/^-?\d{1,19}$/.test(canonical)) return canonical
  const value = BigInt(canonical)
  return value < SMALLEST || value > LARGEST ? canonical : value
}

function bindNumber(canonical: string): number | bigint | string {
  const value = Number(canonical)
  if (canonical.trim() === '' || Number.isNaN(value)) return canonical
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return bindInteger(canonical)
  return value
}

function bindBytes(canonical: string): Buffer {
  return /^\\x(?:[0-9a-f]{2})*$/i.test(canonical)
    ? Buffer.from(canonical.slice(2), 'hex')
    : Buffer.from(canonical, 'utf8')
}
