import type { PageServerLoad } from './$types'

export const load: PageServerLoad = ({ locals: { session } }) => {
  const { subject = 'stranger', ended = 'no', data } = session
  return { subject, ended, theme: data.theme ?? 'none' }
}
