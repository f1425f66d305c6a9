/** What the list on Redis makes of answers. Real servers are in `test/servers/`. */

import { describe, expect, it } from 'vitest'
import { redisRevocationList, type SendCommand } from '../../src/redis.ts'

const ALL = { scope: 'all' } as const
const SINCE = { scope: 'since', subject: 'ada' } as const

/** A server that answers with this, and keeps what it was sent. */
function answering(answer: unknown) {
  const sent: string[][] = []
  const send: SendCommand = async (command) => {
    sent.push(command)
    return answer
  }
  return { sent, send }
}

describe('the list on Redis', () => {
  it('sends one command for a read, and one for a write', async () => {
    const reading = answering(['1', null])
    const writing = answering('OK')
    await redisRevocationList(reading.send).read([ALL, SINCE])
    await redisRevocationList(writing.send, { prefix: 'x:' }).write(ALL, 5, 60)
    expect(reading.sent).toEqual([['MGET', 'revoked/all', 'revoked/since/ada']])
    expect(writing.sent).toEqual([['SET', 'x:all', '5', 'PX', '60000']])
  })

  it('writes the first mark of the scope bound, and leaves it there', async () => {
    const target = { scope: 'bound', sid: 'a'.repeat(22) } as const
    const first = answering('OK')
    await redisRevocationList(first.send).write(target, 5, 60)
    expect(first.sent).toEqual([['SET', `revoked/bound/${target.sid}`, '5', 'PX', '60000', 'NX']])
    // It is there already.
    await redisRevocationList(answering(null).send).write(target, 6, 60)
    await expect(redisRevocationList(answering(null).send).write(ALL, 6, 60)).rejects.toThrow()
  })

  it('takes numbers, which an HTTP client may have made of its values', async () => {
    const { send } = answering([1_767_225_600_123, null])
    expect(await redisRevocationList(send).read([ALL, SINCE])).toEqual([
      1_767_225_600_123,
      undefined,
    ])
  })

  it.each([
    ['nothing', undefined],
    ['a text', 'QUEUED'],
    ['too few values', ['1']],
    ['too many values', ['1', null, null]],
    ['a value that is an error', [new Error('WRONGTYPE'), null]],
    ['a value that is undefined', [undefined, null]],
    ['a value that is a buffer', [Buffer.from('1'), null]],
  ])('rejects a read that is answered with %s', async (_, answer) => {
    const { send } = answering(answer)
    await expect(redisRevocationList(send).read([ALL, SINCE])).rejects.toThrow(
      /is no answer to the command/,
    )
  })

  it('rejects a read of a cluster of which one GET fails', async () => {
    const send: SendCommand = async ([, key]) => {
      if (key === 'revoked/all') throw new Error('CLUSTERDOWN')
      return null
    }
    const list = redisRevocationList(send, { cluster: true })
    await expect(list.read([SINCE, ALL])).rejects.toThrow('CLUSTERDOWN')
  })

  it.each([[undefined], ['QUEUED'], [null], [1]])(
    'rejects a write that is answered with %j',
    async (answer) => {
      const { send } = answering(answer)
      await expect(redisRevocationList(send).write(ALL, 1, 60)).rejects.toThrow(/is no answer/)
    },
  )

  it('says what to give it', () => {
    expect(() => redisRevocationList({} as never)).toThrow(
      'redisRevocationList() takes a function that sends a command, such as ' +
        '(command) => client.sendCommand(command); got an object',
    )
    expect(() => redisRevocationList(async () => {}, { ttl: 1 } as object)).toThrow(
      /no option "ttl"/,
    )
    expect(() => redisRevocationList(async () => {}, { cluster: 1 } as never)).toThrow(
      '"cluster" must be a boolean; got a number',
    )
  })
})
