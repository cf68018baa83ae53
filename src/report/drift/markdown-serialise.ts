import type { Nodes } from 'mdast'
import { gfmTableToMarkdown } from 'mdast-util-gfm-table'
import { toMarkdown } from 'mdast-util-to-markdown'

/** The tree in GitHub's Markdown, without a line end after the last line. */
export function serialise(tree: Nodes): string {
  const extensions = [gfmTableToMarkdown({ tablePipeAlign: false })]
  return toMarkdown(tree, { extensions, bullet: '-', resourceLink: true }).trimEnd()
}

/**
 * Characters that a tree has at least: its texts, the marks of code and of list items. Telling them
 * takes far less time than serialising.
 */
export function weight(node: Nodes): number {
  if ('children' in node) {
    const own = node.type === 'listItem' ? 3 : 0
    return node.children.reduce((sum, child) => sum + weight(child), own)
  }
  return 'value' in node ? node.value.length + (node.type === 'inlineCode' ? 2 : 0) : 0
}
