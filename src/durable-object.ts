/**
 * The revocation list, the session index and the data store on Durable Objects, and the classes of the objects.
 *
 * @module
 */

export { DataObject } from './durable-object/data-object.ts'
export {
  type DataObjectId,
  type DataObjectNamespace,
  type DataObjectStub,
  type DurableObjectDataStoreOptions,
  durableObjectDataStore,
} from './durable-object/durable-object-data-store.ts'
export {
  type DurableObjectRevocationListOptions,
  durableObjectRevocationList,
  type RevocationObjectId,
  type RevocationObjectNamespace,
  type RevocationObjectStub,
} from './durable-object/durable-object-revocation-list.ts'
export {
  durableObjectSessionIndex,
  type SessionIndexObjectNamespace,
  type SessionIndexObjectStub,
} from './durable-object/durable-object-session-index.ts'
export { type RecordedMarks, RevocationObject } from './durable-object/revocation-object.ts'
export { SessionIndexObject } from './durable-object/session-index-object.ts'
