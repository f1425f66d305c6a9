import { watchSession } from 'sealed-session/client'
import { keepDrafts } from 'sealed-session/client/drafts'
import 'sealed-session/client/element'

console.log(watchSession, keepDrafts)
