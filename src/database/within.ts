/** Whether the event comes within so many milliseconds. */
export async function isWithin(milliseconds: number, event: Promise<unknown>): Promise<boolean> {
  const isOver = event.then(() => true)
  const timeout = new Promise<boolean>((resolve) => {
    setTimeout(resolve, milliseconds, false).unref()
  })
  return Promise.race([isOver, timeout])
}
