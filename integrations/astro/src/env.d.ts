declare namespace App {
  interface Locals {
    session: import('sealed-session').Session<import('./sessions').Data>
  }
}
