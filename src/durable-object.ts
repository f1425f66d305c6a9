/**
 * The revocation list on a Durable Object, and the class of the object.
 *
 * @module
 */

export {
  type DurableObjectRevocationListOptions,
  durableObjectRevocationList,
  type RevocationObjectId,
  type RevocationObjectNamespace,
  type RevocationObjectStub,
} from './durable-object/durable-object-revocation-list.ts'
export { type RecordedMarks, RevocationObject } from './durable-object/revocation-object.ts'
