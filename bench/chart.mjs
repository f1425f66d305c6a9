/** The chart that the README shows: an SVG that follows the reader's light or dark theme. */

const WIDTH = 760
const LEFT = 150
const RIGHT = 140
const BAR = 18
const GAP = 8

/**
 * Groups of horizontal bars: `{ title, unit, bars: [{ name, value, note }] }`. Values of one group
 * share a scale. A bar longer than `most` is cut; its number shows the true value.
 */
export function chart(title, subtitle, groups) {
  let y = 72
  const parts = []
  for (const { heading, unit, most, bars } of groups) {
    parts.push(`<text class="heading" x="16" y="${y}">${forXml(heading)}</text>`)
    y += 14
    const longest = Math.min(
      most ?? Number.POSITIVE_INFINITY,
      Math.max(...bars.map(({ value }) => value)),
    )
    for (const { name, value, ours } of bars) {
      const share = Math.min(1, value / longest)
      const width = Math.max(2, Math.round(share * (WIDTH - LEFT - RIGHT)))
      const middle = y + BAR / 2 + 4
      const cut = value > longest ? ', bar cut' : ''
      parts.push(
        `<text class="name${ours ? ' ours' : ''}" x="${LEFT - 8}" y="${middle}">${forXml(name)}</text>`,
        `<rect class="${ours ? 'our-bar' : 'bar'}" x="${LEFT}" y="${y}" width="${width}" height="${BAR}" rx="2"/>`,
        `<text class="value" x="${LEFT + width + 6}" y="${middle}">${format(value)} ${unit}${cut}</text>`,
      )
      y += BAR + GAP
    }
    y += 24
  }
  const height = y
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${forXml(`${title}. ${groups.map(describe).join(' ')}`)}</title>
<style>
  svg { font: 13px system-ui, sans-serif; background: #fff }
  text { fill: #1f2328 } .title { font-size: 16px; font-weight: 600 } .subtitle { fill: #59636e }
  .heading { font-weight: 600 } .name { text-anchor: end } .ours { font-weight: 600 }
  .bar { fill: #8c959f } .our-bar { fill: #0969da }
  @media (prefers-color-scheme: dark) {
    svg { background: #0d1117 } text { fill: #f0f6fc } .subtitle { fill: #9198a1 }
    .bar { fill: #656c76 } .our-bar { fill: #4493f8 }
  }
</style>
<text class="title" x="16" y="24">${forXml(title)}</text>
<text class="subtitle" x="16" y="42">${forXml(subtitle)}</text>
${parts.join('\n')}
</svg>
`
}

const format = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value < 10 ? 1 : 0)

const describe = ({ heading, unit, bars }) =>
  `${heading}: ${bars.map(({ name, value }) => `${name} ${format(value)} ${unit}`).join(', ')}.`

const forXml = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
