/** The colours of the tokens as a canvas needs them: worked out by the browser for the scheme that is shown. */

/** Colours of lines, grid and words. */
export type ChartColours = {
  readonly series: readonly string[]
  readonly grid: string
  readonly ink: string
  readonly surface: string
}

const SERIES = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6']

/** Reads them beside an element. */
export function readColours(beside: HTMLElement): ChartColours {
  const probe = document.createElement('span')
  probe.hidden = true
  beside.append(probe)
  const colour = (token: string) => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const colours = {
    series: SERIES.map(colour),
    grid: colour('--line'),
    ink: colour('--ink-soft'),
    surface: colour('--surface'),
  }
  probe.remove()
  return colours
}

/** The same colour, seen through. */
export function faded(colour: string): string {
  return `color-mix(in srgb, ${colour} 18%, transparent)`
}
