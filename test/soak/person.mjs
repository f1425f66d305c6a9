/** Somebody with a cookie jar who counts nothing as done that was not answered. */

import { Visitor } from '../outside/visitor.ts'

export class Person {
  subject
  #originOf
  #visitor

  constructor(originOf, subject, visitor = new Visitor(originOf)) {
    this.#originOf = originOf
    this.subject = subject
    this.#visitor = visitor
  }

  signIn() {
    return this.#post('/sign-in', { username: this.subject, password: 'demo' })
  }

  signOut() {
    return this.#post('/sign-out')
  }

  forceOut(subject) {
    return this.#post('/admin/sign-out-subject', { subject })
  }

  /** The status and the JSON of `/me`. */
  me() {
    return this.#visitor.me()
  }

  copy() {
    return new Person(this.#originOf, this.subject, this.#visitor.copy())
  }

  async #post(path, fields) {
    const response = await this.#visitor.post(path, fields)
    await response.arrayBuffer()
    if (response.status !== 303) throw new Error(`${path} answered ${response.status}`)
  }
}
