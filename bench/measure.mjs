/** Measures a block of work and summarizes many measurements. Knows nothing of sessions. */

import { readdirSync, readFileSync } from 'node:fs'

/**
 * CPU time that a process has used, in ms. On Linux the scheduler counts it to the nanosecond, for
 * every thread, and other work of the machine does not count. Elsewhere it is the wall clock.
 */
export function cpuTime(pid) {
  try {
    let nanoseconds = 0
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      nanoseconds += Number(
        readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0],
      )
    }
    return nanoseconds / 1e6
  } catch {
    return performance.now()
  }
}

/** The kind of time that `cpuTime` gives on this machine. */
export const cpuClock = process.platform === 'linux' ? 'CPU time of workerd' : 'wall time'

/**
 * The child processes of this one with that name: miniflare's workerds. They can be found on Linux
 * only.
 */
export function childrenNamed(name) {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const [, command, parent] = /\((.*)\) \S (\d+)/.exec(stat) ?? []
      return command === name && Number(parent) === process.pid
    } catch {
      return false // it has ended meanwhile
    }
  })
}

/** The value below which the given share of the values lies. */
function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const low = Math.floor(place)
  const high = Math.ceil(place)
  return sorted[low] + (sorted[high] - sorted[low]) * (place - low)
}

export const median = (values) => quantile(values, 0.5)

/** The median, and the quartiles around it. */
export function summary(values) {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) }
}

/**
 * Runs the jobs in turn, in a different order each round, so that no job always follows the same
 * one.
 */
export async function interleave(jobs, rounds) {
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < jobs.length; i++) await jobs[(i + round) % jobs.length]()
  }
}

/** A table for a terminal and for Markdown. */
export function table(head, rows) {
  const lines = [head, ...rows].map((cells) => cells.map(String))
  const widths = head.map((_, i) => Math.max(...lines.map((cells) => cells[i]?.length ?? 0)))
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  const [first, ...rest] = lines.map(line)
  return [first, rule, ...rest].join('\n')
}
