import { cleanList, defineMigration, isPadded, joinList } from 'tidegate'

/**
 * Channels written by hand with padded lists (`,runway,pika,kling,`). The gateway splits at every
 * comma and trims nothing, so such a channel offers the model '' to the group '', and an enabled
 * one without abilities ends the gateway's cache goroutine. The lists are unpadded and the
 * abilities of those channels rebuilt.
 */

const unpadded = (list: string | null): string | null =>
  isPadded(list) ? joinList(cleanList(list)) : list

export default defineMigration({
  description: 'channels with padded lists: unpad them and rebuild their abilities',

  async up(_db, context) {
    const rewritten = await context.rewriteChannels(({ models, group }) => ({
      models: unpadded(models),
      group: unpadded(group),
    }))
    context.notes.set('channels', String(rewritten))
  },

  async down(_db, context) {
    await context.undoRows()
  },
})
