import { expect, it } from 'vitest'
import { cookiesSet, setUp } from '../kit/visitor.ts'

it('a live session makes its answer private, no-store also where no cookie is set', async () => {
  const { visitor } = setUp({ touchAfter: 300 })
  await visitor.visit((session) => session.signIn('ada'))
  const answer = await visitor.visit()
  expect(cookiesSet(answer)).toEqual([])
  expect(answer.headers.get('Cache-Control')).toBe('private, no-store')
})
