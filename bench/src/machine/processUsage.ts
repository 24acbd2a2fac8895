import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export type ProcessUsage = {
  /** CPU time of all its threads since it started, user and system. */
  cpuSeconds: number
  /** Resident memory. */
  rssBytes: number
}

/** Ticks of /proc/PID/stat in a second: fixed on Linux, whatever the kernel's own clock does. */
const ticksPerSecond = 100

/** What a running process has used, as the operating system counts it. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid)
}

async function fromProc(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ])
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]
  return { cpuSeconds: ticks / ticksPerSecond, rssBytes: Number(kilobytes) * 1_024 }
}

async function fromPs(pid: number): Promise<ProcessUsage> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'time=,rss=', '-p', `${pid}`])
  const [time = '', kilobytes] = stdout.trim().split(/\s+/)
  // [[hours:]minutes:]seconds
  const cpuSeconds = time.split(':').reduce((sum, part) => 60 * sum + Number(part), 0)
  return { cpuSeconds, rssBytes: Number(kilobytes) * 1_024 }
}
