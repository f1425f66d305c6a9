/**
 * The revocation list and the data store on Durable Objects, and the classes of the objects.
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
export { type RecordedMarks, RevocationObject } from './durable-object/revocation-object.ts'
