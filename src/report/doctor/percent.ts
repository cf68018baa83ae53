/** A chance as `25%`: what can happen is never shown as nothing, nor what is not sure as all. */
export function percent(chance: number): string {
  const whole = Math.round(chance * 100)
  if (whole === 0 && chance > 0) return '<1%'
  return whole === 100 && chance < 1 ? '>99%' : `${whole}%`
}
