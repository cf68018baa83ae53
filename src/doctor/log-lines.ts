/** Bytes of one line that are looked at. */
const LONGEST_LINE = 64 * 1024

const LINE_FEED = 0x0a

/**
 * Lines of a log. What a line has beyond 64 KiB is dropped, bytes that are not UTF-8 are replaced,
 * and no more than one line and one chunk are held.
 */
export async function* logLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let kept: Uint8Array[] = []
  let size = 0
  const keep = (part: Uint8Array) => {
    if (size >= LONGEST_LINE || part.length === 0) return
    kept.push(part.subarray(0, LONGEST_LINE - size))
    size += kept.at(-1)!.length
  }
  const take = (): string => {
    const line = decoder.decode(kept.length === 1 ? kept[0] : Buffer.concat(kept))
    kept = []
    size = 0
    return line.replace(/\r$/, '')
  }
  for await (const chunk of chunks) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      keep(chunk.subarray(start, end))
      yield take()
      start = end + 1
    }
    // A chunk may be written over once the next one is asked for.
    keep(new Uint8Array(chunk.subarray(start)))
  }
  if (size > 0) yield take()
}
