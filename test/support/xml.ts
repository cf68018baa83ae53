import { createRequire } from 'node:module'

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

interface Parser {
  on(event: 'error', handle: (error: Error) => void): void
  on(event: 'opentag', handle: (element: XmlElement) => void): void
  write(text: string): Parser
  close(): void
}

// The types that the package ships do not compile under our rules.
const { SaxesParser } = createRequire(import.meta.url)('saxes') as { SaxesParser: new () => Parser }

/** The elements of a document in order. @throws what a strict parser finds wrong with it */
export function parseXml(text: string): XmlElement[] {
  const elements: XmlElement[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => elements.push({ name, attributes }))
  parser.write(text).close()
  return elements
}
