/** Sends the commands that come on standard input, one JSON array a line, through Bun's own client. */

import { createInterface } from 'node:readline'
import { RedisClient } from 'bun'

const client = new RedisClient(`redis://127.0.0.1:${process.argv[2]}`, {
  enableOfflineQueue: false,
  autoReconnect: true,
})
await client.connect()

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...args] = JSON.parse(line)
  try {
    console.log(JSON.stringify({ answer: await client.send(name, args) }))
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }))
  }
}
