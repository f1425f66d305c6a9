/**
 * Sessions bound to the device of their browser (Device Bound Session Credentials). Experimental.
 *
 * @module
 */

export { deviceBinding } from './binding/device-binding.ts'
export type { DeviceBindingOptions } from './binding/rules.ts'
export type { DeviceBinding } from './contracts/device-binding.ts'
