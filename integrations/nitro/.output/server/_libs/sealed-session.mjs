import { decode, encode } from "./jose.mjs";
// node_modules/sealed-session/dist/lib/bounded-map.js
/**
* A copy of a text that keeps no other string alive. Engines keep a string in memory as long as any
* slice of it.
*/
const detached = (text) => new TextDecoder().decode(new TextEncoder().encode(text));
/**
* A map with a limit. If all entries together weigh more than `limit`, those that were set longest
* ago are dropped. Without `weigh` every entry weighs 1. The weight of a stored value must not
* change.
*/
var BoundedMap = class extends Map {
	#limit;
	#weigh;
	#weight = 0;
	constructor(limit, weigh = () => 1) {
		super();
		this.#limit = limit;
		this.#weigh = weigh;
	}
	set(key, value) {
		this.delete(key);
		super.set(key, value);
		this.#weight += this.#weigh(value);
		if (this.#weight > this.#limit) this.#makeRoom();
		return this;
	}
	delete(key) {
		const value = super.get(key);
		if (value === void 0) return false;
		this.#weight -= this.#weigh(value);
		return super.delete(key);
	}
	/**
	* Drops an eighth at once. Engines keep a hole for every deleted entry, and to find the first
	* entry of a large map they walk over all holes.
	*/
	#makeRoom() {
		const most = this.#limit - Math.floor(this.#limit / 8);
		for (const key of this.keys()) {
			if (this.#weight <= most) break;
			this.delete(key);
		}
	}
};
/** A `BoundedMap` in which reading an entry counts as setting it again. */
var LruMap = class extends BoundedMap {
	get(key) {
		const value = super.get(key);
		if (value !== void 0) this.set(key, value);
		return value;
	}
};
// node_modules/sealed-session/dist/lib/check.js
/**
* Errors for a developer's mistakes. Each names the option, the expected value and the kind of
* value that was given. The value itself is never printed, because it can be a key.
*/
/** The kind of a value, for a message. */
function kindOf(value) {
	if (value === null || value === void 0) return String(value);
	if (Array.isArray(value)) return "an array";
	if (isThenable(value)) return "a promise";
	return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
/** Whether `await` would treat the value as a promise. */
const isThenable = (value) => typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
/** Checks a duration option in whole seconds. */
function wholeSeconds(option, value, least = 0, most = 3456e4) {
	if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most && !looksLikeMilliseconds(value)) return value;
	const got = typeof value === "number" ? value : kindOf(value);
	const remedy = looksLikeMilliseconds(value) ? `, which looks like milliseconds: for ${value / 6e4} minutes give ${value / 1e3}` : "";
	throw new TypeError(`"${option}" must be a whole number of seconds from ${least} to ${most}; got ${got}${remedy}`);
}
/**
* Whether a number of seconds is more likely whole minutes in milliseconds, from 5 minutes up. A
* number that is also whole days in seconds passes, because long timeouts are given in whole days.
*/
function looksLikeMilliseconds(value) {
	if (typeof value !== "number" || value < 3e5) return false;
	return value % 6e4 === 0 && (value % 86400 !== 0 || value > 3456e4);
}
/** Checks that a value is of one of the primitive kinds, or left out. */
function assertOptional(option, value, kind) {
	if (value === void 0 || typeof value === kind) return;
	throw new TypeError(`"${option}" must be a ${kind}; got ${kindOf(value)}`);
}
/**
* Checks that an object has no members but these. Otherwise a misspelt option would silently have
* its default.
*/
function onlyMembers(what, value, members) {
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`${what} must be an object; got ${kindOf(value)}`);
	const unknown = Object.keys(value).find((member) => !members.includes(member));
	if (unknown === void 0) return;
	const near = nearest(unknown, members);
	const guess = near === void 0 ? "" : `; did you mean "${near}"?`;
	throw new TypeError(`${what} has no option "${unknown}"${guess}; there are ${members.join(", ")}`);
}
/** The name that was probably meant: it differs by one typing error, or by two in a long name. */
function nearest(name, names) {
	const within = (edits) => names.find((other) => isWithin$1(edits, name.toLowerCase(), other.toLowerCase()));
	return within(1) ?? (name.length < 6 ? void 0 : within(2));
}
/**
* Whether at most `edits` insertions, deletions and replacements turn one text into the other
* (Levenshtein).
*/
function isWithin$1(edits, from, to) {
	if (from === to) return true;
	const [fromRest, toRest] = [from.slice(1), to.slice(1)];
	if (from[0] === to[0]) return isWithin$1(edits, fromRest, toRest);
	if (edits === 0) return false;
	return isWithin$1(edits - 1, fromRest, to) || isWithin$1(edits - 1, from, toRest) || isWithin$1(edits - 1, fromRest, toRest);
}
// node_modules/sealed-session/dist/lib/expiring-map.js
/** A memory of entries that expire. */
const HOUR$1 = 36e5;
/** Values by name, dropped by the hour in which they expire, so that no write visits all of them. */
var ExpiringMap = class {
	#now;
	#entries = /* @__PURE__ */ new Map();
	#namesByHour = /* @__PURE__ */ new Map();
	#swept;
	constructor(now) {
		this.#now = now;
		this.#swept = Math.floor(now() / HOUR$1);
	}
	get(name) {
		const entry = this.#entries.get(name);
		return entry !== void 0 && entry.until > this.#now() ? entry.value : void 0;
	}
	/** `until` is an instant in milliseconds. */
	set(name, value, until) {
		this.#sweep(Math.floor(this.#now() / HOUR$1));
		this.#entries.set(name, {
			value,
			until
		});
		const hour = Math.floor(until / HOUR$1);
		const names = this.#namesByHour.get(hour) ?? /* @__PURE__ */ new Set();
		this.#namesByHour.set(hour, names.add(name));
	}
	#sweep(hour) {
		if (hour <= this.#swept) return;
		this.#swept = hour;
		for (const [past, names] of this.#namesByHour) {
			if (past >= hour) continue;
			for (const name of names) if (this.get(name) === void 0) this.#entries.delete(name);
			this.#namesByHour.delete(past);
		}
	}
};
// node_modules/sealed-session/dist/lib/platform.js
/** Impure calls: the clock, randomness. */
/** The default clock, in milliseconds. */
const systemClock = () => Date.now();
/** `length` bytes from the platform's secure generator. */
const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
// node_modules/sealed-session/dist/lib/errors.js
/**
* The one error class for failures while an app serves requests or unseals tokens. A developer's
* mistake is a `TypeError` instead. A bad cookie is not an error: it sets `session.ended`. Messages
* carry no secret, no token and no session data.
*/
/**
* A failure with a stable `code`.
*
* @example
* if (error instanceof SessionError && error.code === 'too-large') return c.text('too long', 413)
*/
var SessionError = class extends Error {
	name = "SessionError";
	code;
	#issues;
	constructor(code, message, options) {
		super(message, options);
		this.code = code;
		this.#issues = options?.issues;
	}
	/**
	* Why the schema refused the data, for the code `data`: at most 20 issues, to be shown to the
	* person who entered it. They are not printed with the error.
	*/
	get issues() {
		return this.#issues;
	}
};
// node_modules/sealed-session/dist/lib/json.js
/**
* Values that JSON can represent exactly, and the members that make them too large. Knows nothing
* of sessions.
*/
const DEEPEST = 500;
/**
* The JSON of a value, if parsing it gives an equal value. Anything else (a Date, a Map, NaN, a
* BigInt, an instance of a class) throws `not-json` with its path, because it would come back
* different.
*/
function toJson(value, path) {
	assertJson(value, path, 0);
	return JSON.stringify(value);
}
function assertJson(value, path, depth) {
	if (typeof value === "string" || typeof value === "boolean" || value === null) return;
	if (typeof value === "number" && Number.isFinite(value)) return;
	if (typeof value === "number") throw notJson(path, String(value));
	if (typeof value !== "object") throw notJson(path, kindOf(value));
	if (depth > DEEPEST) throw notJson(path, "circular or deeper than 500 levels");
	if (Array.isArray(value)) {
		if (Object.keys(value).length !== value.length) throw notJson(path, "an array with holes or members of its own");
		for (const [index, item] of value.entries()) assertJson(item, `${path}[${index}]`, depth + 1);
		return;
	}
	if (!isPlain(value)) {
		const className = Object.getPrototypeOf(value).constructor?.name;
		throw notJson(path, `an instance of ${className || "a class"}`);
	}
	for (const [name, member] of Object.entries(value)) if (member !== void 0) assertJson(member, `${path}.${name}`, depth + 1);
}
function notJson(path, kind) {
	return new SessionError("not-json", `${shorten(path)} is ${kind} and would not come back equal; store strings, finite numbers, booleans, null, arrays and plain objects`);
}
/** Shortens the path for a message, because names of members can be long. */
const shorten = (path) => path.length > 80 ? `${path.slice(0, 80)}…` : path;
/** The biggest members, for a message: names and sizes, no values. */
function biggestMembers(json) {
	const sizes = Object.entries(JSON.parse(json)).map(([name, member]) => [name, utf8Length(JSON.stringify(member))]);
	sizes.sort(([, a], [, b]) => b - a);
	return sizes.slice(0, 3).map(([name, size]) => `${shorten(name)} (${size} bytes)`).join(", ");
}
const utf8Length = (text) => new TextEncoder().encode(text).length;
/** All objects and arrays in a value that `JSON.parse` returned. */
function containersOf(parsed, found = /* @__PURE__ */ new Set()) {
	if (!isContainer(parsed)) return found;
	found.add(parsed);
	for (const member of membersOf(parsed)) containersOf(member, found);
	return found;
}
/**
* The value, deeply frozen, so that a late change throws instead of getting lost. Objects in `own`
* are frozen themselves. Other objects can be shared with the rest of the app, so they are replaced
* by frozen copies. A member that is neither an array nor a plain object stays as it is.
*/
function freezeOwn(value, own) {
	const top = own.has(value) && holdsOnly(own) ? value : withCopies(value, own);
	for (const container of own) Object.freeze(container);
	return top;
}
/**
* Whether all members are in `own` too. That is so if a request only reads, and then no copy is
* needed.
*/
function holdsOnly(own) {
	for (const container of own) for (const member of membersOf(container)) if (isContainer(member) && !own.has(member)) return false;
	return true;
}
/** The value with frozen copies in place of every object that is not in `own`. */
function withCopies(value, own) {
	const taken = /* @__PURE__ */ new Map();
	const take = (item) => {
		if (!isContainer(item) || !(Array.isArray(item) || isPlain(item))) return item;
		const known = taken.get(item);
		if (known !== void 0) return known;
		const stand = own.has(item) ? item : Array.isArray(item) ? new Array(item.length) : {};
		taken.set(item, stand);
		return stand;
	};
	const top = take(value);
	for (const [from, to] of taken) {
		for (const [name, member] of Object.entries(from)) {
			const stand = take(member);
			if (from === to && stand === member) continue;
			Reflect.defineProperty(to, name, {
				value: stand,
				enumerable: true
			});
		}
		Object.freeze(to);
	}
	return top;
}
const membersOf = (container) => Array.isArray(container) ? container : Object.values(container);
const isContainer = (value) => typeof value === "object" && value !== null;
/** Whether it is an object without a class, from this realm or another. */
function isPlain(value) {
	const prototype = Object.getPrototypeOf(value);
	return prototype === null || Object.hasOwn(prototype, "isPrototypeOf");
}
// node_modules/sealed-session/dist/lib/timeout.js
/** A timeout for promises. */
/**
* Rejects after `timeout` ms, unless `work` has settled by then. `onLate` is called before it
* rejects. Every caller has its own timer, even for shared work.
*/
function withTimeout(work, timeout, onLate) {
	const due = systemClock() + timeout;
	return new Promise((resolve, reject) => {
		const giveUp = () => {
			onLate?.();
			reject(/* @__PURE__ */ new Error(`no answer within ${timeout} ms`));
		};
		let timer = setTimeout(() => {
			const stoodStill = Math.max(0, systemClock() - due);
			timer = setTimeout(giveUp, Math.min(stoodStill, timeout));
		}, timeout);
		work.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}
// node_modules/sealed-session/dist/lib/isolate-warnings.js
/**
* Mistakes that show only when an isolate makes something for the second time. It can be intended,
* so this only warns, once for each mistake.
*/
let memoryLists = 0;
/** A revocation list in memory was made. */
function noticeMemoryList() {
	memoryLists++;
	if (memoryLists !== 2) return;
	console.warn("sealed-session: memoryRevocationList() was called a second time. A new list for each request or manager forgets who signed out, and a copied cookie works again: make the manager and its list once, when the server starts.");
}
/** The keys of the first manager of each cookie name. */
const first = new BoundedMap(100);
let warnedOfKeys = false;
/** A manager has read its keys, for the first time or again. */
function noticeKeys(cookieName, manager, keyIds) {
	const known = first.get(cookieName);
	if (known === void 0) {
		first.set(cookieName, {
			manager,
			keyIds
		});
		return;
	}
	if (known.manager === manager) known.keyIds = keyIds;
	if (warnedOfKeys || known.keyIds.some((id) => keyIds.includes(id))) return;
	warnedOfKeys = true;
	console.warn(`sealed-session: two managers use the cookie "${cookieName}" and have no key in common. If both serve one host, each signs out the visitors of the other: give one of them its own "cookie.name", or give both the same keys.`);
}
// node_modules/sealed-session/dist/contracts/revocation-list.js
/**
* The contract of a revocation list, which records the sessions that were ended before their time,
* and the list in memory.
*/
/** A name that no other target has. */
function targetName(target) {
	const { scope } = target;
	if (scope === "all") return scope;
	if (scope === "external") return `${scope}/${target.session}`;
	return `${scope}/${"sid" in target ? target.sid : target.subject}`;
}
/** Whether a list keeps the newest mark of the target and not the last one written. */
const keepsNewest = ({ scope }) => scope === "since" || scope === "external";
/**
* A list in the memory of this process, for tests and for a server that is one process. Never use
* it on Workers, where a session's next request can reach another isolate: use `kvRevocationList`.
* Make it once: a second one in the same process, without its own clock, logs a warning on the
* console.
*/
function memoryRevocationList(options = {}) {
	onlyMembers("the options of memoryRevocationList", options, ["now"]);
	const { now = systemClock } = options;
	if (options.now === void 0) noticeMemoryList();
	const entries = new ExpiringMap(now);
	const claims = new ExpiringMap(now);
	return {
		async read(targets) {
			return targets.map((target) => entries.get(targetName(target)));
		},
		async write(target, mark, seconds) {
			const name = targetName(target);
			const known = keepsNewest(target) ? entries.get(name) ?? mark : mark;
			entries.set(name, Math.max(mark, known), now() + seconds * 1e3);
		},
		async claim(name, until) {
			if (claims.get(name)) return false;
			claims.set(name, true, until);
			return true;
		}
	};
}
// node_modules/sealed-session/dist/seal/key-ring.js
/**
* The keys: reads them, identifies them, derives sub-keys from them and finds them by key id. Knows
* nothing of the sealed content.
*
* The app's key itself never seals. AES-GCM with random IVs must not seal more than 2^32 messages
* under one key (NIST SP 800-38D section 8.3), and a library that seals on every request reaches
* that limit. So the sealing key is derived for each use and hour, and the limit applies per use
* and hour.
*/
const HOUR = 36e5;
const CONTEXT = "sealed-session/1";
const KEYS_TRUSTED = 6e4;
const KEYS_TIMEOUT = 2e3;
const ROOT_KEYS = 32;
const USES = 100;
const HOW_TO_MAKE_ONE = "make one with generateKey() or `openssl rand -base64 32`";
/** 128 random bits as base64url (OWASP ASVS 11.5.1). */
const generateSid = () => encode(randomBytes(16));
/** Bytes as base64url. */
const toBase64url = (bytes) => encode(new Uint8Array(bytes));
/** The hour of an instant, as a `kid` holds it. */
const hourOf = (instant) => Math.floor(instant / HOUR);
const AES_GCM = [{
	name: "AES-GCM",
	length: 256
}, ["encrypt", "decrypt"]];
/** The derived keys of one use of one root key, for the life of the isolate. */
var SubKeys = class {
	#material;
	#use;
	#byHour = /* @__PURE__ */ new Map();
	constructor(material, use) {
		this.#material = material;
		this.#use = use;
	}
	/**
	* The key of one hour. Keys of hours before `oldestHour` are dropped, because no live token needs
	* them.
	*/
	async at(hour, oldestHour = 0) {
		const known = this.#byHour.get(hour);
		if (known !== void 0) return known;
		const { kind, name, algorithm: [derived, usages] = AES_GCM } = this.#use;
		const key = await crypto.subtle.deriveKey(hkdf(`${CONTEXT}\0${kind}\0${name}\0${hour}`), this.#material, derived, false, usages);
		for (const old of this.#byHour.keys()) if (old < oldestHour) this.#byHour.delete(old);
		this.#byHour.set(hour, key);
		return key;
	}
};
/** One key of the ring. */
var RootKey = class {
	/**
	* 48 bits derived from the key. They tell keys apart in a `kid` and reveal nothing of the key.
	*/
	id;
	#material;
	#uses = new LruMap(USES);
	constructor(id, material) {
		this.id = id;
		this.#material = material;
	}
	/** A pseudonym of an id: without the key it tells nothing of the id. */
	async pseudonym(id) {
		return toBase64url(await derive(`event\0${id}`, this.#material, 96));
	}
	/**
	* 128 bits that stand for a subject in a page. Equal for equal subjects; without the key it tells
	* nothing of the subject, and cannot be made from one.
	*/
	async subjectTag(subject) {
		return toBase64url(await derive(`subject\0${subject}`, this.#material, 128));
	}
	for(use) {
		const name = `${use.kind}\0${use.name}`;
		const known = this.#uses.get(name);
		if (known !== void 0) return known;
		const subKeys = new SubKeys(this.#material, use);
		this.#uses.set(name, subKeys);
		return subKeys;
	}
};
const trusted = /* @__PURE__ */ new WeakMap();
/**
* The ring behind the `keys` option. Keys given as text are checked at once, and a bad one throws a
* `TypeError`. Keys from a function are checked when the function is called. `onRead` is called
* each time that keys were read.
*/
function keyRing(keys, now, onRead) {
	if (typeof keys !== "function") {
		const texts = readKeys(keys);
		let ring;
		return async () => {
			if (ring !== void 0) return ring;
			ring = await importRing(texts);
			onRead?.(ring);
			return ring;
		};
	}
	return async () => {
		const known = trusted.get(keys);
		if (known !== void 0 && now() < known.until) return known.ring;
		const ring = await importRing(readKeys(await ask(keys)));
		trusted.set(keys, {
			ring,
			until: now() + KEYS_TRUSTED
		});
		onRead?.(ring);
		return ring;
	};
}
async function ask(keys) {
	try {
		return await withTimeout((async () => keys())(), KEYS_TIMEOUT);
	} catch (cause) {
		throw new SessionError("keys-unavailable", "the \"keys\" function failed", { cause });
	}
}
/** The keys as canonical base64url. */
function readKeys(keys) {
	const given = typeof keys === "string" ? keys.split(",") : keys;
	if (!Array.isArray(given) || given.some((key) => typeof key !== "string")) throw new TypeError(`"keys" must be a string, an array of strings or a function that returns one; got ${keys === void 0 ? "undefined: is the secret set?" : kindOf(keys)}${isThenable(keys) ? ": await it first, or give the function" : ""}`);
	const texts = given.map((key) => key.trim()).filter((key) => key !== "");
	if (texts.length === 0) throw new TypeError(`"keys" holds no key; ${HOW_TO_MAKE_ONE}`);
	return texts.map((text, index) => {
		const key = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=$/, "");
		if (/^[\w-]{42}[AEIMQUYcgkosw048]$/.test(key)) return key;
		throw new TypeError(`"keys" must hold keys of 32 random bytes as base64url; key ${index + 1} of ${texts.length} ${faultOf(text)}; ${HOW_TO_MAKE_ONE}`);
	});
}
/** The fault of a key, without any character of the key. */
function faultOf(text) {
	if (/^["'[]|["'\]]$/.test(text)) return "is in quotes or brackets: give it without them";
	if (/^([\da-f]{2}){16,}$/i.test(text)) return "looks like hex: give the bytes as base64url";
	if (/\s/.test(text)) return "has white space in it: separate keys with commas";
	return text.length === 43 || text.length === 44 ? "is not base64url" : `is ${text.length} characters long`;
}
const rootKeys = new BoundedMap(ROOT_KEYS);
async function importRing(texts) {
	const [first, ...rest] = await Promise.all(texts.map(importKey));
	if (first === void 0) throw new TypeError("\"keys\" holds no key");
	return [first, ...rest];
}
async function importKey(text) {
	const known = rootKeys.get(text);
	if (known !== void 0) return known;
	const material = await crypto.subtle.importKey("raw", new Uint8Array(decode(text)), "HKDF", false, ["deriveKey", "deriveBits"]);
	const id = toBase64url(await derive("key-id", material, 48));
	const key = rootKeys.get(text) ?? new RootKey(id, material);
	rootKeys.set(text, key);
	return key;
}
const derive = (context, material, bits) => crypto.subtle.deriveBits(hkdf(`${CONTEXT}\0${context}`), material, bits);
const hkdf = (context) => ({
	name: "HKDF",
	hash: "SHA-256",
	salt: /* @__PURE__ */ new Uint8Array(),
	info: new TextEncoder().encode(context)
});
// node_modules/sealed-session/dist/seal/token-form.js
/**
* The form of our tokens: recognizes one before anything is derived, decrypted or verified. Knows
* nothing of what a token holds.
*
* The first part of a token must be, byte for byte, the header that we would write for its `kid`.
* So a sender can choose nothing: no other algorithm, compression, critical header or serialization
* is ever considered (RFC 8725 sections 3.1 and 3.2).
*/
const LONGEST_HEADER = 100;
/**
* The hours that can have made a token that lives at most `life` ms. Clocks can differ by an hour.
*/
const hoursUntil = (now, life) => ({
	oldest: hourOf(now - life),
	newest: hourOf(now) + 1
});
/** One kind of token: its protected header, and the parts that follow it. */
var TokenForm = class {
	#header;
	#start;
	#rest;
	#kids = new BoundedMap(100);
	#latest;
	/** `rest` matches all that comes after the header. */
	constructor(header, rest) {
		this.#header = header;
		this.#start = `${JSON.stringify(header).slice(0, -1)},"kid":"`;
		this.#rest = rest;
	}
	/** The protected header under a key and an hour. */
	header({ root, hour }) {
		return {
			...this.#header,
			kid: `${root.id}.${hour}`
		};
	}
	/** The same, as the first part of a token. */
	headerText(by) {
		if (this.#latest?.root !== by.root || this.#latest.hour !== by.hour) this.#latest = {
			...by,
			text: encode(JSON.stringify(this.header(by)))
		};
		return this.#latest.text;
	}
	/**
	* Recognizes a token by its form alone, because the sender chooses the `kid` (RFC 8725 section
	* 3.10).
	*/
	identify(token, use, ring, hours) {
		if (typeof token !== "string") return "malformed";
		const end = token.indexOf(".");
		const kid = this.#readHeader(token.slice(0, end));
		if (kid === void 0) return "malformed";
		const { id, hour } = kid;
		const root = ring.find((one) => one.id === id);
		const rest = token.slice(end);
		if (!this.#rest.test(rest) || !rest.split(".").every(isCanonical)) return "malformed";
		if (root === void 0) return "unknown-key";
		if (hour > hours.newest) return "invalid";
		if (hour < hours.oldest) return "expired";
		return {
			token,
			use,
			root,
			hour,
			hours
		};
	}
	/**
	* The `kid` of a header that is ours byte for byte. `atob` is used because a text decoder would
	* drop a byte order mark.
	*/
	#readHeader(header) {
		const known = this.#kids.get(header);
		if (known !== void 0) return known;
		if (header.length > LONGEST_HEADER || !/^[\w-]+$/.test(header) || !isCanonical(header)) return;
		const text = atob(header.replaceAll("-", "+").replaceAll("_", "/"));
		const start = this.#start;
		if (!text.startsWith(start)) return void 0;
		const [, id, digits] = KID.exec(text.slice(start.length)) ?? [];
		if (id === void 0) return void 0;
		const kid = {
			id,
			hour: Number(digits)
		};
		this.#kids.set(detached(header), kid);
		return kid;
	}
};
const KID = /^([\w-]{8})\.([1-9]\d{4,6})"\}$/;
/**
* Whether text of the base64url alphabet is as an encoder writes it. Decoders ignore the unused bits
* of the last character, so without this check several tokens would open to one value.
*/
function isCanonical(text) {
	const left = text.length % 4;
	if (left === 0) return true;
	return left === 2 ? /[AQgw]$/.test(text) : left === 3 && /[AEIMQUYcgkosw048]$/.test(text);
}
// node_modules/sealed-session/dist/seal/seal.js
/**
* From a JSON value to a compact JWE and back (RFC 7516 section 7.1), under the sub-key of a use
* and an hour. Knows nothing of cookies or sessions.
*/
/**
* The form of a seal: no encrypted key, a 96-bit IV, the ciphertext, a 128-bit tag (RFC 7518 section
* 5.3). `typ` holds the wire version. Raise it when a token of the old form must not be read as one of
* the new form.
*/
const SEALED = new TokenForm({
	alg: "dir",
	enc: "A256GCM",
	typ: "sealed-v2"
}, /^\.\.[\w-]{16}\.[\w-]+\.[\w-]{22}$/);
/**
* Seals JSON text under the first key of the ring and the current hour: the steps of RFC 7516 section
* 5.1 that are left when the key is used directly (RFC 7518 section 4.5). They are here and not in
* jose, because most requests seal once, and the code of jose costs as much time as the cipher.
*/
async function sealJson(json, use, [root], now) {
	const hour = hourOf(now);
	const header = SEALED.headerText({
		root,
		hour
	});
	const iv = randomBytes(IV_BYTES);
	const key = await root.for(use).at(hour);
	const sealed = await crypto.subtle.encrypt(cipher(header, iv), key, encoder.encode(json));
	const bytes = new Uint8Array(sealed);
	const tag = bytes.length - TAG_BYTES;
	return {
		token: `${header}..${[
			iv,
			bytes.subarray(0, tag),
			bytes.subarray(tag)
		].map(encode).join(".")}`,
		root,
		hour
	};
}
/**
* The content of a token, or `undefined` if it was not sealed under this key for this use. The token
* must have been recognized: its header is ours, and its parts are canonical (RFC 7516 section 5.2).
*/
async function open({ token, use, root, hour, hours }) {
	const key = await root.for(use).at(hour, hours.oldest);
	const [header = "", , iv = "", ciphertext = "", tag = ""] = token.split(".");
	try {
		const sealed = joined(decode(ciphertext), decode(tag));
		const plain = await crypto.subtle.decrypt(cipher(header, decode(iv)), key, sealed);
		return JSON.parse(decoder.decode(plain));
	} catch {
		return;
	}
}
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** AES-GCM. Its tag also covers the header. */
const cipher = (header, iv) => ({
	name: "AES-GCM",
	iv,
	additionalData: encoder.encode(header)
});
function joined(start, end) {
	const all = new Uint8Array(start.length + end.length);
	all.set(start);
	all.set(end, start.length);
	return all;
}
// node_modules/sealed-session/dist/cookies/response.js
/**
* Puts the session's cookies and the cache headers on a response. Knows nothing of the cookies'
* content.
*/
const PRIVATE = "private, no-store";
/**
* Header fields for certain caches, which obey them instead of Cache-Control (RFC 9213 section
* 2.1).
*/
const TARGETED = /-cache-control$|^surrogate-control$|^edge-control$|^x-accel-expires$/;
/**
* The response with cookies and cache headers (RFC 9111; OWASP ASVS 14.3.2). It is a copy if
* anything is added: a handler can answer many requests with one response object, and a cookie must
* reach only one of them.
*/
function withSession(response, additions) {
	if (response.status < 200) return response;
	const { session, flash, name, isLive, varies } = additions;
	if (session === void 0 && additions.activity === void 0 && !isLive && !varies) return response;
	const answer = new Response(response.body, response);
	const { headers } = answer;
	const own = readOwnHeaders(headers);
	const earlier = own.setsCookies ? headers.getSetCookie() : [];
	const mustSet = session ?? flash;
	const isShareable = mustSet === void 0 && shareable(own);
	const isWritten = session === void 0 && earlier.some((line) => isFor(line, name));
	const setCookies = [
		session,
		isShareable || isWritten ? void 0 : additions.activity,
		flash
	].filter((cookie) => cookie !== void 0);
	if (setCookies.length > 0) addCookies(headers, earlier, setCookies);
	if (mustSet !== void 0) for (const name of own.targeted.keys()) headers.delete(name);
	const isPrivate = setCookies.length > 0 || isLive && !isShareable;
	const keepsOwn = mustSet === void 0 && own.cacheControl.has("private");
	if (isPrivate && !keepsOwn) headers.set("Cache-Control", PRIVATE);
	if (varies) vary(headers, own.vary);
	return answer;
}
/** In one pass, because each call on the platform's `Headers` costs as much as another header. */
function readOwnHeaders(headers) {
	const targeted = /* @__PURE__ */ new Map();
	const own = {
		cacheControl: NONE$1,
		targeted,
		vary: "",
		setsCookies: false
	};
	headers.forEach((value, name) => {
		if (name === "cache-control") own.cacheControl = directives(value);
		else if (name === "vary") own.vary = value;
		else if (name === "set-cookie") own.setsCookies = true;
		else if (TARGETED.test(name)) targeted.set(name, directives(value));
	});
	return own;
}
/** Whether the handler marked the response for shared caches. */
function shareable({ cacheControl, targeted }) {
	for (const field of targeted.values()) if (field.size > 0 && !STORES_NOTHING.some((directive) => field.has(directive))) return true;
	if (cacheControl.has("no-store")) return false;
	if (cacheControl.has("public") || cacheControl.has("s-maxage")) return true;
	return cacheControl.has("max-age") && !cacheControl.has("private");
}
const NONE$1 = /* @__PURE__ */ new Set();
const STORES_NOTHING = [
	"private",
	"no-store",
	"bypass-cache",
	"off",
	"0"
];
function directives(field) {
	const names = field.split(",").map((part) => part.trim().toLowerCase().replace(/="?\d*"?$/, ""));
	return new Set(names.filter((name) => name !== ""));
}
/**
* Sets one `Set-Cookie` per name. If there are two, it depends on the browser which one it keeps.
*/
function addCookies(headers, earlier, setCookies) {
	const names = setCookies.map((cookie) => cookie.slice(0, cookie.indexOf("=")));
	const others = earlier.filter((cookie) => !names.some((name) => isFor(cookie, name)));
	if (others.length < earlier.length) {
		headers.delete("Set-Cookie");
		for (const cookie of others) headers.append("Set-Cookie", cookie);
	}
	for (const cookie of setCookies) headers.append("Set-Cookie", cookie);
}
const isFor = (setCookie, name) => setCookie.startsWith(`${name}=`);
function vary(headers, earlier) {
	const fields = earlier.split(",").map((field) => field.trim().toLowerCase());
	if (!fields.includes("cookie") && !fields.includes("*")) headers.append("Vary", "Cookie");
}
// node_modules/sealed-session/dist/session/assert-arguments.js
/**
* Checks the arguments of `load` and `commit`. The message says what to pass instead. A request or
* response from another realm or a polyfill is not an instance of the platform's class, so its
* members decide.
*/
/** The argument of `load`. */
function assertRequest(value) {
	if (value instanceof Request || isRequestLike(value)) return;
	throw new TypeError(`load() takes a Request; got ${insteadOfRequest(value)}`);
}
/** The second argument of `commit`. */
function assertResponse(value) {
	if (value instanceof Response || isResponseLike(value)) return;
	throw new TypeError(`commit() takes a session, then a Response; got ${insteadOfResponse(value)}`);
}
/** The error of `commit` for a first argument that is not a session of its manager. */
function notOwnSession(value) {
	return /* @__PURE__ */ new TypeError(`commit() takes a session that this manager loaded; got ${insteadOfSession(value)}`);
}
function insteadOfRequest(value) {
	if (typeof value === "string" || value instanceof URL) return `${kindOf(value)}: pass the request itself, because its headers hold the cookies`;
	if (isThenable(value)) return "a promise: await it first";
	if (isRequestLike(member(value, "raw"))) return "a HonoRequest: pass c.req.raw";
	if (isHonoContext(value)) return "a Hono context: pass c.req.raw";
	if (isRequestLike(member(value, "request"))) return "an object with a request: pass its \"request\"";
	if (typeof member(value, "method") === "string") return "an object whose \"headers\" is not a Headers, such as a Node IncomingMessage: convert it to a Request";
	return kindOf(value);
}
function insteadOfResponse(value) {
	if (isThenable(value)) return "a promise: await the response first";
	if (typeof value === "string") return "a string: wrap it, new Response(text)";
	if (isHonoContext(value)) return "a Hono context: pass c.res";
	if (value === void 0) return "undefined: does the handler return its response?";
	if (isRequestLike(value)) return "a Request";
	return kindOf(value);
}
function insteadOfSession(value) {
	if (isThenable(value)) return "a promise: await load() first";
	if (isHonoContext(value)) return "a Hono context: the middleware commits by itself; without it, pass what load() returned";
	if (isResponseLike(value)) return "a Response: the session comes first";
	if (typeof member(value, "signIn") === "function") return "a session of another manager, or a copy of one";
	return kindOf(value);
}
const isRequestLike = (value) => typeof member(value, "method") === "string" && hasHeaders(value);
const isResponseLike = (value) => typeof member(value, "status") === "number" && hasHeaders(value);
const hasHeaders = (value) => typeof member(member(value, "headers"), "get") === "function";
const isHonoContext = (value) => isRequestLike(member(member(value, "req"), "raw"));
const member = (value, name) => typeof value === "object" && value !== null ? value[name] : void 0;
// node_modules/sealed-session/dist/session/answers.js
/**
* The responses to errors that the library answers itself: what could not be reached, and a session
* that was found revoked during the request. Knows nothing of cookies.
*/
/**
* The response to the error, with the headers of the response that it replaces. `undefined` for
* errors that the app answers.
*/
function answerTo(error, instead) {
	if (!(error instanceof SessionError)) return void 0;
	const { code } = error;
	const headers = headersAround(instead);
	if (code === "ended") return Response.json({ error: "sign-in-required" }, {
		status: 401,
		headers
	});
	if (!code.endsWith("-unavailable")) return void 0;
	headers.set("Retry-After", "5");
	return Response.json({ error: code }, {
		status: 503,
		headers
	});
}
const CONTENT_HEADERS = /^(content-.*|location|etag|last-modified|retry-after|expires|(.*-)?cache-control|surrogate-control|edge-control|x-accel-expires)$/;
/**
* The headers that do not describe the void response, such as those of CORS, which must not get
* lost.
*/
function headersAround({ headers }) {
	return new Headers([...headers].filter(([name]) => !CONTENT_HEADERS.test(name)));
}
// node_modules/sealed-session/dist/session/handle.js
/**
* A request from its session to its response, for middleware of any framework: load, respond,
* commit, and the answers to the library's own errors.
*/
async function handle({ load, commit }, request, respond) {
	const session = await load(request);
	const given = await responseOf(session, respond);
	const response = (given.status === 500 ? answerTo(session.failure, given) : void 0) ?? given;
	try {
		return await commit(session, response);
	} catch (error) {
		const rest = answerTo(error, response);
		if (rest === void 0) throw error;
		return commit(session, rest).catch(() => rest);
	}
}
async function responseOf(session, respond) {
	try {
		return await respond(session);
	} catch (error) {
		const answer = error instanceof Response ? error : answerTo(error, new Response());
		if (answer === void 0) throw error;
		return answer;
	}
}
// node_modules/sealed-session/dist/session/claims.js
/**
* The claims of the two cookies: their wire form, and the form that the code works with. Instants
* are NumericDate on the wire (RFC 7519 section 2, seconds with a fraction) and milliseconds here.
*/
const sessionCodec = {
	write({ sid, family, iat, limit, kept, act, subject, external, audience, remembered, json, ref, version }) {
		const rest = JSON.stringify({
			sid,
			fam: family === sid ? void 0 : family,
			iat: iat / 1e3,
			lim: (limit - iat) / 1e3,
			kept: kept === void 0 ? void 0 : kept / 1e3,
			act: act / 1e3,
			sub: subject,
			ext: external,
			aud: audience,
			rem: remembered || void 0,
			v: version,
			ref
		});
		return ref === void 0 ? `${rest.slice(0, -1)},"d":${json}}` : rest;
	},
	read(payload) {
		if (!isObject(payload)) return void 0;
		const { sid, fam = sid, iat, lim, kept, act, sub, ext, aud, rem } = payload;
		const { v, ref, d = ref && {} } = payload;
		if (!(isSid(sid) && isSid(fam) && isInstant(iat) && isInstant(lim) && isInstant(act) && (kept === void 0 || isInstant(kept)) && (sub === void 0 || isSubject(sub)) && (ext === void 0 || isSid(ext)) && (aud === void 0 || isSubject(aud)) && (rem === void 0 || rem === true) && (v === void 0 || isVersion(v)) && (ref === void 0 || typeof ref === "string") && isObject(d))) return void 0;
		return {
			sid,
			family: fam,
			iat: toMs(iat),
			limit: toMs(iat) + toMs(lim),
			kept: kept === void 0 ? void 0 : toMs(kept),
			act: toMs(act),
			subject: sub,
			external: ext,
			audience: aud,
			remembered: rem === true,
			json: JSON.stringify(d),
			ref,
			version: v
		};
	}
};
const activityCodec = {
	write: ({ sid, act, chk }) => JSON.stringify({
		sid,
		act: act / 1e3,
		chk: chk === void 0 ? void 0 : chk / 1e3
	}),
	read(payload) {
		if (!isObject(payload)) return void 0;
		const { sid, act, chk } = payload;
		if (!isSid(sid) || !isInstant(act) || chk !== void 0 && !isInstant(chk)) return void 0;
		return {
			sid,
			act: toMs(act),
			chk: chk === void 0 ? void 0 : toMs(chk)
		};
	}
};
/** Whether every instant lies at most as far ahead as servers' clocks can differ. */
const notFromFuture = (now, ...instants) => instants.every((instant) => instant === void 0 || instant <= now + 6e4);
/**
* A subject is a non-empty string with a valid UTF-8 form, because it becomes part of a key in the
* list.
*/
const isSubject = (value) => typeof value === "string" && value !== "" && value.isWellFormed();
/** Checks a subject that an app passes. A wrong one is a developer's mistake, not a client's. */
function assertSubject(value, what = "a subject") {
	if (isSubject(value)) return;
	throw new TypeError(`${what} must be a non-empty, well-formed string; got ${kindOf(value)}`);
}
/** 128 bits as base64url. */
const isSid = (value) => typeof value === "string" && /^[\w-]{22}$/.test(value);
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isVersion = (value) => typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
const isInstant = (value) => typeof value === "number" && Number.isFinite(value) && value >= 0;
const toMs = (seconds) => Math.round(seconds * 1e3);
// node_modules/sealed-session/dist/session/timeouts.js
/**
* When a session is over. Pure decisions on claims and the configured timeouts; knows nothing of
* cookies, keys or requests. Instants and durations are milliseconds here.
*/
const NORMAL = {
	idleTimeout: 1800,
	absoluteTimeout: 43200
};
const REMEMBERED$1 = {
	idleTimeout: 604800,
	absoluteTimeout: 2592e3
};
/** Validates and defaults the options that concern time. */
function resolveTimeouts(options) {
	const { remembered: forRemembered = {} } = options;
	onlyMembers("\"remembered\"", forRemembered, ["idleTimeout", "absoluteTimeout"]);
	const normal = resolveLimits(options, NORMAL, "");
	const remembered = resolveLimits(forRemembered, REMEMBERED$1, "remembered.");
	const idle = Math.min(normal.idle, remembered.idle);
	const touchAfter = wholeSeconds("touchAfter", options.touchAfter ?? 0) * 1e3;
	if (touchAfter >= idle) throw new TypeError(`"touchAfter" must be less than the idle timeout of ${idle / 1e3} seconds; otherwise no request could slide it`);
	const longest = Math.max(normal.absolute, remembered.absolute);
	return Object.freeze({
		normal,
		remembered,
		touchAfter,
		longest
	});
}
function resolveLimits(options, defaults, prefix) {
	const { idleTimeout = defaults.idleTimeout, absoluteTimeout = defaults.absoluteTimeout } = options;
	const idle = wholeSeconds(`${prefix}idleTimeout`, idleTimeout, 1);
	const absolute = wholeSeconds(`${prefix}absoluteTimeout`, absoluteTimeout, 1);
	if (idle > absolute) throw idleOverAbsolute(options, idle, absolute, prefix);
	return Object.freeze({
		idle: idle * 1e3,
		absolute: absolute * 1e3
	});
}
/** An idle timeout over the absolute one could never be reached, so one of the two is a mistake. */
function idleOverAbsolute(options, idle, absolute, prefix) {
	const describe = (name, value) => `"${prefix}${name}" (${value}${options[name] === void 0 ? " by default" : ""})`;
	const missing = options.idleTimeout === void 0 ? `set "${prefix}idleTimeout" too, to at most ${absolute}` : options.absoluteTimeout === void 0 ? `set "${prefix}absoluteTimeout" too, to at least ${idle}` : "lower the first or raise the second";
	return /* @__PURE__ */ new TypeError(`${describe("idleTimeout", idle)} must not be greater than ${describe("absoluteTimeout", absolute)}: ${missing}; both are in seconds`);
}
/** The limits of a session. */
const limitsOf = ({ remembered, normal }, isRemembered) => isRemembered ? remembered : normal;
/** When a session that begins now is over in any case. */
const limitFrom = (iat, remembered, timeouts) => iat + limitsOf(timeouts, remembered).absolute;
/**
* When each of the two timeouts ends the session if there is no more activity. Today's absolute
* timeout can shorten the sealed limit but not lengthen it, because the list forgets a session once
* its sealed limit has passed.
*/
function deadlines({ iat, act, limit, remembered }, timeouts) {
	const { idle } = limitsOf(timeouts, remembered);
	return {
		idle: act + idle,
		absolute: Math.min(limit, limitFrom(iat, remembered, timeouts))
	};
}
/** Which timeout has ended the session. If both have passed, the one that passed first. */
function timedOut(age, now, timeouts) {
	const { idle, absolute } = deadlines(age, timeouts);
	if (now < idle && now < absolute) return void 0;
	return idle < absolute ? "idle" : "absolute";
}
/** Whether the recorded activity is old enough to record it again. */
const touchDue = (act, now, { touchAfter }) => now - act >= touchAfter;
// node_modules/sealed-session/dist/session/candidates.js
/**
* Chooses the session that counts among the cookies that opened. A request can carry several, and
* an attacker who can plant a cookie must not get to choose. Pure decisions on claims.
*/
const PROGRESS = [
	"malformed",
	"unknown-key",
	"invalid",
	"absolute",
	"idle"
];
/**
* The newest session that is not over, and of several cookies with one sid the latest write. If
* there is none, the reason.
*/
function chooseSession({ sessions, activities, refused }, standard) {
	const { now } = standard;
	const reasons = new Set(refused);
	const known = activities.filter(({ act, chk }) => notFromFuture(now, act, chk));
	const newestFirst = [...sessions].sort((a, b) => b.iat - a.iat || b.act - a.act);
	for (const session of newestFirst) {
		const activity = latest(known.filter(({ sid }) => sid === session.sid));
		const claims = {
			...session,
			act: Math.max(session.act, activity?.act ?? 0)
		};
		const reason = refusal(claims, session.act, standard);
		if (reason === void 0) return {
			claims,
			activity
		};
		reasons.add(reason);
	}
	return PROGRESS.findLast((reason) => reasons.has(reason));
}
/** Why a session is not honoured, without asking the revocation list. */
function refusal(claims, sealedAct, { now, timeouts, audience }) {
	if (!notFromFuture(now, claims.iat, sealedAct, claims.kept)) return "invalid";
	if (audience !== void 0 && claims.audience !== void 0 && claims.audience !== audience) return "invalid";
	return timedOut(claims, now, timeouts);
}
const latest = (activities) => activities.reduce((last, next) => last === void 0 || next.act > last.act ? next : last, void 0);
// node_modules/sealed-session/dist/session/load.js
/**
* From a request to its session: find the cookies, open them, choose the session that counts, and
* check that it was not revoked.
*/
/**
* Never rejects because of what a client sent. If no cookie is honoured, there is no session, and
* `ended` gives the reason. If the list or the keys cannot be reached, the session is locked.
*/
async function findSession(request, config) {
	const { cookies, report } = config;
	const audience = config.audience(request);
	const none = async (ended, families = []) => {
		const [one, ...others] = families;
		if (ended !== void 0) await report({
			type: "ended",
			reason: ended
		}, others.length === 0 ? one?.family : void 0);
		return {
			session: {
				status: "none",
				ended,
				data: await config.data.fresh()
			},
			families,
			audience
		};
	};
	const locked = (error, families = []) => ({
		session: {
			status: "locked",
			error
		},
		families,
		audience
	});
	const header = request.headers.get("Cookie") ?? "";
	if (!header.includes(`${cookies.session.name}=`)) return none();
	const ring = await config.ring().catch(unlessUnavailable);
	if (ring instanceof SessionError) return locked(ring);
	const { chosen, families } = await openCookies(header, ring, audience, config);
	if (typeof chosen !== "object") return none(chosen, families);
	const { claims, activity } = chosen;
	const verdict = await config.revocation.check(claims, activity?.chk);
	if (verdict.status === "revoked") return none("revoked", families);
	if (verdict.status === "unavailable") return locked(verdict.error, families);
	const data = await dataOf(claims, config);
	if (data === void 0) return none("data", families);
	return {
		session: {
			status: "live",
			claims,
			data,
			chk: verdict.checkedAt,
			activityIsStale: activity === void 0 || activity.chk !== verdict.checkedAt,
			isActivity: config.isActivity(request)
		},
		families,
		audience
	};
}
/** Opens both cookies. Gives the session that counts, and the families of all that opened. */
async function openCookies(header, ring, audience, { cookies, now: clock, timeouts }) {
	const now = clock();
	const how = {
		ring,
		now,
		longest: timeouts.longest
	};
	const [opened, activities] = await Promise.all([cookies.session.open(header, how), cookies.activity.open(header, how)]);
	return {
		chosen: chooseSession({
			sessions: opened.claims,
			activities: activities.claims,
			refused: opened.faults.map(toReason)
		}, {
			now,
			timeouts,
			audience
		}),
		families: familiesOf(opened.claims)
	};
}
/** The data as JSON, or why it could not be loaded; `undefined` if it is lost or refused. */
async function dataOf({ ref, json, version }, { data, dataStore }) {
	const stored = ref === void 0 ? json : await (dataStore?.read(ref) ?? noDataStore());
	if (typeof stored !== "string") return stored;
	return data.accept(await data.migrate(stored, version)).catch(refusedBySchema);
}
const toReason = (fault) => fault === "expired" ? "absolute" : fault;
/** The families of some sessions, each once. All sessions of a family have the same limit. */
const familiesOf = (sessions) => [...new Map(sessions.map(({ family, limit, subject }) => [family, {
	family,
	limit,
	subject
}])).values()];
function unlessUnavailable(error) {
	if (error instanceof SessionError && error.code === "keys-unavailable") return error;
	throw error;
}
const noDataStore = () => new SessionError("data-unavailable", "the manager has no \"dataStore\"");
function refusedBySchema(error) {
	if (!(error instanceof SessionError)) throw error;
}
// node_modules/sealed-session/dist/cookies/attributes.js
/**
* Names and attributes of the cookies, and the combinations that browsers drop. Knows nothing
* of the sealed content.
*/
const NAME = /^[\w!#$%&'*.^`|~+-]{1,100}$/;
/** Validates and defaults the cookie options. */
function resolveCookies(options = {}) {
	onlyMembers("\"cookie\"", options, [
		"name",
		"sameSite",
		"domain",
		"path",
		"partitioned",
		"secure"
	]);
	const { sameSite = "lax", domain, path = "/", partitioned = false, secure = true } = options;
	assertOptional("cookie.name", options.name, "string");
	assertOptional("cookie.domain", domain, "string");
	assertOptional("cookie.path", path, "string");
	assertOptional("cookie.partitioned", partitioned, "boolean");
	assertOptional("cookie.secure", secure, "boolean");
	const name = options.name ?? (secure ? "__Host-Http-session" : "session");
	if (!NAME.test(name)) throw new TypeError("\"cookie.name\" must be 1 to 100 characters that are valid in a cookie name (RFC 6265 section 4.1.1)");
	if (![
		"lax",
		"strict",
		"none"
	].includes(sameSite)) throw new TypeError(`"cookie.sameSite" must be 'lax', 'strict' or 'none'; got ${kindOf(sameSite)}`);
	const refuse = (condition, problem) => {
		if (condition) throw new TypeError(`browsers drop such a cookie: ${problem}`);
	};
	refuse(!path.startsWith("/"), "\"cookie.path\" must begin with \"/\"");
	refuse(!secure && sameSite === "none", "\"cookie.sameSite\" 'none' needs \"cookie.secure\"");
	refuse(!secure && partitioned, "\"cookie.partitioned\" needs \"cookie.secure\"");
	refuse(!secure && /^__(secure|host|http)-/i.test(name), `"cookie.secure" false needs a "cookie.name" without a prefix, such as "session"`);
	refuse(/^__host-/i.test(name) && (domain !== void 0 || path !== "/"), `"cookie.domain" and "cookie.path" need a "cookie.name" without "__Host-", such as "__Secure-session"`);
	refuse(!/^[ -:<-~]+$/.test(path), "\"cookie.path\" has a character that a header cannot hold");
	refuse(domain !== void 0 && !/^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(domain), "\"cookie.domain\" must be a host name");
	const attributes = [
		...domain === void 0 ? [] : [`Domain=${domain}`],
		`Path=${path}`,
		"HttpOnly",
		...secure ? ["Secure"] : [],
		`SameSite=${sameSite[0]?.toUpperCase()}${sameSite.slice(1)}`,
		...partitioned ? ["Partitioned"] : []
	].join("; ");
	return {
		session: writer(name, attributes),
		activity: writer(`${name}-activity`, attributes),
		flash: writer(`${name}-flash`, attributes)
	};
}
const writer = (name, attributes) => ({
	name,
	write: (token, maxAge) => `${name}=${token}; ${maxAge === void 0 ? "" : `Max-Age=${maxAge}; `}${attributes}`,
	clear: () => `${name}=; Max-Age=0; ${attributes}`
});
// node_modules/sealed-session/dist/cookies/sealed-cookie.js
/**
* One sealed cookie: from a `Cookie` header to claims, and from claims to a `Set-Cookie` value.
* Remembers what this isolate sealed or opened before. Knows nothing of the meaning of the claims.
*/
const MAX_BYTES$1 = 4096;
const MAX_OPENED = 8;
const memory = new BoundedMap(8e6, ({ bytes }) => bytes);
var SealedCookie = class {
	name;
	/** The longest token that a browser keeps under this name. */
	maxTokenLength;
	#writer;
	#codec;
	#use;
	constructor(writer, codec) {
		const { name } = writer;
		this.name = name;
		this.maxTokenLength = MAX_BYTES$1 - name.length;
		this.#writer = writer;
		this.#codec = codec;
		this.#use = {
			kind: "cookie",
			name
		};
	}
	/**
	* Opens the values of this name. Values that this isolate remembers always count. Of the others
	* it opens a few, from both ends of the header in turn, because an attacker who plants cookies
	* can often choose one end only.
	*/
	async open(header, options) {
		const claims = [];
		const faults = [];
		const unknown = [];
		for (const token of readValues(header, this.name)) {
			const known = this.#recall(token, options);
			if (known === void 0) unknown.push(token);
			else claims.push(known);
		}
		let opened = 0;
		for (const token of fromBothEnds(unknown)) {
			const candidate = this.#identify(token, options);
			if (typeof candidate === "string") {
				faults.push(candidate);
				continue;
			}
			if (++opened > MAX_OPENED) break;
			const read = this.#codec.read(await open(candidate));
			if (read === void 0) faults.push("invalid");
			else claims.push(this.#remember(detached(token), candidate, read));
		}
		return {
			claims,
			faults
		};
	}
	/**
	* Seals claims under the newest key. Do not send a token that is longer than `maxTokenLength`.
	*/
	async seal(claims, ring, now) {
		const sealed = await sealJson(this.#codec.write(claims), this.#use, ring, now);
		const { token } = sealed;
		if (token.length <= this.maxTokenLength) this.#remember(token, sealed, claims);
		return token;
	}
	/**
	* A `Set-Cookie` value. `maxAge` in whole seconds. Without it the browser drops the cookie when
	* it closes.
	*/
	write(token, maxAge) {
		return this.#writer.write(token, maxAge);
	}
	/** A `Set-Cookie` value that removes the cookie. */
	clear() {
		return this.#writer.clear();
	}
	#identify(token, { ring, now, longest }) {
		if (token.length > this.maxTokenLength) return "malformed";
		return SEALED.identify(token, this.#use, ring, hoursUntil(now, longest));
	}
	#remember(token, { root, hour }, claims) {
		const { name } = this;
		const bytes = 3 * token.length + 500;
		const codec = this.#codec;
		memory.set(token, {
			root,
			hour,
			name,
			codec,
			claims: Object.freeze(claims),
			bytes
		});
		return claims;
	}
	/**
	* The claims of a token that was sealed or opened in this isolate, if its key and hour are still
	* valid.
	*/
	#recall(token, { ring, now, longest }) {
		const known = memory.get(token);
		if (known === void 0 || known.name !== this.name || known.codec !== this.#codec) return;
		const { oldest, newest } = hoursUntil(now, longest);
		if (known.hour < oldest || known.hour > newest || !ring.includes(known.root)) return;
		return known.claims;
	}
};
/** First, last, second, second to last, and so on. */
function fromBothEnds(items) {
	return items.map((_, index) => items.at(index % 2 === 0 ? index / 2 : -(index + 1) / 2));
}
/**
* All values of a name, in order and without repetition. Common parsers keep only one value, so an
* attacker who can plant a cookie chooses which one counts. Cookies are separated only as RFC 6265
* section 4.2 says. If a comma or another Unicode space were a separator too, part of another
* cookie could pass for ours and evade the protection of the `__Host-` prefix.
*/
function readValues(header, name) {
	if (!header.includes(`${name}=`)) return [];
	const values = header.split(";").map((pair) => pair.replace(/^[ \t]+/, "")).filter((pair) => pair.startsWith(`${name}=`)).map((pair) => pair.slice(name.length + 1));
	return [...new Set(values)];
}
// node_modules/sealed-session/dist/revocation/age.js
/** How long ago something was found. Clocks of servers differ, so an age can be negative. */
/** In milliseconds; infinite if it never was. */
const ageOf = (instant, now) => instant === void 0 ? Number.POSITIVE_INFINITY : now - instant;
/** Whether it is recent enough. With a limit of 0 nothing is, even if another clock is ahead. */
const isWithin = (limit, instant, now) => limit > 0 && ageOf(instant, now) < limit;
// node_modules/sealed-session/dist/revocation/journal.js
/**
* The marks recorded in the last minutes. Only a mark recorded after a session was found good can end
* it, so one answer of the list serves every session of the isolate. Pure decisions; knows nothing
* about how the list is asked.
*/
const FIRST_REACH = 3e5;
const LONGEST_REACH = 36e5;
const MOST_MARKS = 5e4;
const OVERLAP = 5e3;
const NOTICEABLE_STEP = 3e3;
const MARGIN = 12e4;
var RevocationJournal = class {
	/** From when on it is complete, by the list's clock. */
	#from = Number.POSITIVE_INFINITY;
	/** The list's clock at the last answer. */
	#listNow;
	/** How far the list's clock was ahead of this one. */
	#ahead = 0;
	#order = 0;
	#lastTaken = 0;
	#checkedAt;
	/** Each with the list's clock when it came; the latest is last. */
	#marks = /* @__PURE__ */ new Map();
	/** Marks further ahead than any server's clock. Each answer says which of them still stand. */
	#bans = /* @__PURE__ */ new Map();
	/** When the list was last asked with success, by this isolate's clock. */
	get checkedAt() {
		return this.#checkedAt;
	}
	/** The mark of a target, if it was recorded lately or lies ahead. */
	markOf(target) {
		if (this.#marks.size + this.#bans.size === 0) return void 0;
		const name = targetName(target);
		return this.#bans.get(name) ?? this.#marks.get(name)?.[0];
	}
	/** Whether the journal has every mark recorded after a session was found good. */
	reaches(checkedAt) {
		return checkedAt !== void 0 && checkedAt - MARGIN >= this.#from;
	}
	question(now) {
		return {
			since: this.#listNow === void 0 ? now - FIRST_REACH : this.#listNow - OVERLAP,
			asked: now,
			order: ++this.#order
		};
	}
	/**
	* Takes the answer to a question. Throws a `TypeError`, and changes nothing, if the answer is wrong.
	* Returns the scopes of new marks that are not instants.
	*/
	take({ since, asked, order }, changes, now) {
		const { now: listNow, from, marks, age = 0 } = changes;
		if (!(age >= 0 && from <= listNow && Array.isArray(marks))) throw new TypeError(WRONG);
		if (!(listNow + age >= asked - 6e4 && listNow + age <= now + 6e4)) throw new TypeError("the list's clock and this server's are more than a minute apart");
		const entries = marks.map(([target, mark]) => {
			if (typeof mark !== "number") throw new TypeError(WRONG);
			return [
				target,
				targetName(target),
				mark
			];
		});
		if (order < this.#lastTaken) return [];
		this.#lastTaken = order;
		const bans = /* @__PURE__ */ new Map();
		const newBans = [];
		for (const [target, name, mark] of entries) {
			if ("sid" in target || mark <= now + 6e4) {
				this.#marks.delete(name);
				this.#marks.set(name, [mark, listNow]);
				continue;
			}
			bans.set(name, Number.POSITIVE_INFINITY);
			if (!this.#bans.has(name)) newBans.push(target.scope);
		}
		this.#bans = bans;
		const ahead = listNow + age - asked;
		const isGap = from > since || ahead < this.#ahead - NOTICEABLE_STEP;
		this.#from = this.#listNow === void 0 || isGap ? from : Math.min(this.#from, from);
		this.#ahead = ahead;
		this.#listNow = listNow;
		this.#checkedAt = asked - age;
		this.#forget(listNow - LONGEST_REACH);
		return newBans;
	}
	/** Starts again, after a wrong answer. */
	reset() {
		this.#from = Number.POSITIVE_INFINITY;
		this.#listNow = this.#checkedAt = void 0;
		this.#bans = /* @__PURE__ */ new Map();
	}
	/** Drops the marks that came before `horizon`, and more if there are too many. */
	#forget(horizon) {
		for (const [name, [, at]] of this.#marks) {
			if (at >= horizon && this.#marks.size <= MOST_MARKS) return;
			this.#marks.delete(name);
			this.#from = Math.max(this.#from, at + 1);
		}
	}
};
const WRONG = "the list answered to \"changes\" with something else";
// node_modules/sealed-session/dist/revocation/marks.js
/** Decides which marks of a revocation list end a session. Pure decisions. */
/**
* Every target whose mark could end a session, with the instant that the mark is compared with. Any
* mark of a sid ends it.
*/
function threatsTo(session) {
	const { sid, family, iat, kept, subject, external } = session;
	const anyMark = Number.NEGATIVE_INFINITY;
	const threats = [
		[{
			scope: "session",
			sid: family
		}, anyMark],
		[{
			scope: "replaced",
			sid
		}, anyMark],
		[{ scope: "all" }, iat]
	];
	if (external !== void 0) threats.push([{
		scope: "external",
		session: external
	}, iat]);
	if (subject === void 0) return threats;
	return [
		...threats,
		[{
			scope: "subject",
			subject
		}, iat],
		[{
			scope: "since",
			subject
		}, iat],
		[{
			scope: "others",
			subject
		}, kept ?? iat]
	];
}
/**
* The entries that record a mark. The end of a family has two, so that a check of a session that was
* never regenerated reads one key. One key for both scopes would not do: a replaced sid written after
* the end of its family would hide that end. The second entry has the mark 0, because no sid was
* replaced at that instant.
*/
function entriesOf(target, mark) {
	if (target.scope !== "session") return [[target, mark]];
	return [[target, mark], [{
		scope: "replaced",
		sid: target.sid
	}, 0]];
}
/**
* The mark that ends a session, if there is one. A listed sid is over for any mark; every other
* mark ends the sessions that began at or before it. A replaced sid comes last, because it ends
* less than the others.
*/
function endingOf(session, markOf) {
	let replaced;
	for (const [target, instant] of threatsTo(session)) {
		const mark = markOf(target);
		if (mark === void 0 || mark < instant) continue;
		if (target.scope !== "replaced") return {
			target,
			mark
		};
		replaced = {
			target,
			mark
		};
	}
	return replaced;
}
/**
* The targets to read. The end of a family has two entries under its first sid (`entriesOf`), so
* `replaced` alone is enough for a session that still has that sid.
*/
const targetsOf = (session) => threatsTo(session).map(([target]) => target).filter(({ scope }) => scope !== "session" || session.family !== session.sid);
// node_modules/sealed-session/dist/revocation/changes.js
/**
* Keeps the journal of a list with `changes` fresh: calls `changes` when the journal is too old, and
* in the background before it is. The journal decides what an answer means.
*/
var Changes = class {
	#config;
	#reads;
	#journal = new RevocationJournal();
	/** When `changes` was last called, and when it last failed. */
	#asked = Number.NEGATIVE_INFINITY;
	#failed = Number.NEGATIVE_INFINITY;
	constructor(config, reads) {
		this.#config = config;
		this.#reads = reads;
	}
	/** When the list was last asked with success. */
	get checkedAt() {
		return this.#journal.checkedAt;
	}
	/** Whether the journal has every mark recorded after a session was found good. */
	reaches(checkedAt) {
		return this.#journal.reaches(checkedAt);
	}
	/** The mark in the journal that ends the session. */
	endingOf(session) {
		return endingOf(session, (target) => this.#journal.markOf(target));
	}
	/** Refreshes the journal if it is too old. Returns whether the journal can be used. */
	async refresh() {
		const { recheckAfter } = this.#config;
		if (this.#isWithin(recheckAfter, this.#failed)) return false;
		if (!this.#isWithin(recheckAfter, this.#journal.checkedAt)) await this.#ask();
		return true;
	}
	/** Refreshes the journal in the background before it is too old, so that no request has to wait. */
	refreshBeforeNeeded() {
		const half = this.#config.recheckAfter / 2;
		if ([
			this.#journal.checkedAt,
			this.#asked,
			this.#failed
		].some((at) => this.#isWithin(half, at))) return;
		this.#ask().catch(() => {});
	}
	async #ask() {
		await this.#reads.join("changes", async () => {
			const { list, now, recheckAfter, report } = this.#config;
			const journal = this.#journal;
			const question = journal.question(now());
			this.#asked = question.asked;
			try {
				const answer = await list.changes?.(question.since, recheckAfter / 2);
				for (const scope of journal.take(question, answer, now())) report({
					type: "revocation-unreadable",
					scope
				});
			} catch (cause) {
				journal.reset();
				this.#failed = now();
				report({
					type: "revocation-changes",
					cause
				});
			}
		});
	}
	#isWithin(limit, instant) {
		return isWithin(limit, instant, this.#config.now());
	}
};
// node_modules/sealed-session/dist/revocation/memory.js
/**
* What this isolate knows of revocations without asking the list: which targets it revoked or found
* revoked, which sessions it found good, and which instants it assigned. Bounded, and gone with the
* isolate.
*/
const REMEMBERED = 1e4;
var RevocationMemory = class {
	#now;
	/** Marks that end a session for good. Kept apart, so that replaced sids cannot push them out. */
	#marks = new LruMap(REMEMBERED);
	#replaced = new LruMap(REMEMBERED, ({ length }) => length);
	#good = new LruMap(REMEMBERED);
	/** The latest instants assigned to new sessions: of each subject, and of all. */
	#starts = new LruMap(REMEMBERED);
	#latestStart = 0;
	/** The next instant for a mark that a subject sets for itself. */
	#ownMarks = new LruMap(REMEMBERED);
	constructor(now) {
		this.#now = now;
	}
	/** The mark known here that ended the session. */
	endingOf(session) {
		if (this.#marks.size === 0 && this.#replaced.size === 0) return void 0;
		return endingOf(session, (target) => this.#find(target, session.family)?.mark);
	}
	/** Whether this isolate has recorded the end of the sid. */
	isRecorded(target, family) {
		return this.#find(target, family)?.recorded === true;
	}
	/** Remembers a mark that is in the list. `family` is needed for the target of a sid only. */
	remember(target, mark, family) {
		this.#set(target, family, {
			mark,
			recorded: true
		});
	}
	/**
	* Ends the target's sessions in this isolate. The mark does not count as recorded in the
	* list.
	*/
	endLocally(target, mark, family) {
		this.#set(target, family, {
			mark,
			recorded: false
		});
	}
	/** When the session was last found good. */
	checkedAt(sid) {
		return this.#good.get(sid);
	}
	foundGood(sid, checkedAt) {
		this.#good.set(sid, checkedAt);
	}
	/**
	* The start of a session that begins now: later than `mark` and than every known mark that could
	* end it.
	*/
	nextStart(subject, mark = 0) {
		const targets = [{ scope: "all" }];
		if (subject !== void 0) targets.push(...[
			"subject",
			"since",
			"others"
		].map((scope) => ({
			scope,
			subject
		})));
		const marks = targets.map((target) => this.#marks.get(targetName(target))?.mark ?? 0);
		const instant = Math.max(this.#now(), mark + 1, ...marks.map((known) => known + 1));
		this.#latestStart = Math.max(this.#latestStart, instant);
		if (subject !== void 0) this.#starts.set(subject, instant);
		return instant;
	}
	/**
	* The instant for an operator's mark that is set now: not before any session that this isolate
	* began and that the mark must end.
	*/
	nextMark(target) {
		const start = "subject" in target ? this.#startOf(target.subject) : this.#latestStart;
		return Math.max(this.#now(), start);
	}
	/**
	* The instant for a mark that a subject sets for itself now. It is also later than the previous
	* one, and at most a second later than it would be without it. If that is impossible, the result
	* is `undefined`, so that a subject that sets many marks cannot run ahead of the servers' clocks.
	*/
	nextOwnMark(scope, subject) {
		const soonest = this.#now() + (scope === "since" ? 1e3 : 0);
		const next = this.#ownMarks.get(subject) ?? 0;
		if (next > soonest + 1e3) return void 0;
		const instant = Math.max(soonest, this.#startOf(subject), next);
		this.#ownMarks.set(subject, instant + 1);
		return instant;
	}
	#startOf(subject) {
		return this.#starts.get(subject) ?? 0;
	}
	#find(target, family) {
		const known = this.#marks.get(targetName(target));
		const replaced = replacedIn(target, family);
		if (known !== void 0 || replaced === void 0) return known;
		return this.#replaced.get(replaced.family)?.find(({ sid }) => sid === replaced.sid)?.known;
	}
	#set(target, family, known) {
		const before = this.#find(target, family);
		const after = {
			mark: Math.max(known.mark, before?.mark ?? known.mark),
			recorded: known.recorded || before?.recorded === true
		};
		const replaced = replacedIn(target, family);
		if (replaced === void 0) {
			this.#marks.set(targetName(target), after);
			return;
		}
		const { sid } = replaced;
		const kept = (this.#replaced.get(replaced.family) ?? []).filter((other) => other.sid !== sid).slice(-99);
		this.#replaced.set(replaced.family, [...kept, {
			sid,
			known: after
		}]);
	}
};
/**
* The replaced sid that a target names, and its family. Not the sid that the family began with: that
* one is kept like the end of the family.
*/
function replacedIn(target, family) {
	if (target.scope !== "replaced" || family === void 0 || target.sid === family) return void 0;
	return {
		sid: target.sid,
		family
	};
}
// node_modules/sealed-session/dist/revocation/reads.js
/**
* Reads a list that can be slow or unreachable. A read has a timeout, and requests of one session
* can share it. While the list is unreachable, not every request tries to read it.
*/
const RETRY_AFTER = 5e3;
const READS_UNDER_WAY = 1e3;
const JOIN_FOR = 250;
var Reads = class {
	#config;
	#underWay = new BoundedMap(READS_UNDER_WAY);
	/** When the list can be asked again; 0 while it answers. */
	#retryAt = 0;
	constructor(config) {
		this.#config = config;
	}
	/**
	* Starts a new read. Rejects if the list fails or is late, or if it did so in the last
	* `RETRY_AFTER` ms.
	*/
	ask(key, read) {
		return this.#ask(key, read, this.#config.timeout);
	}
	/** Joins the read under way for this key, if it answers soon; otherwise starts a new one. */
	async join(key, read) {
		const { timeout } = this.#config;
		const other = this.#underWay.get(key);
		if (other === void 0) return this.#ask(key, read, timeout);
		try {
			return await withTimeout(other, JOIN_FOR, () => this.#forget(key, other));
		} catch {
			const next = this.#underWay.get(key);
			if (next === void 0) return this.#ask(key, read, timeout - JOIN_FOR);
			return this.#settled(key, next, timeout - JOIN_FOR);
		}
	}
	async #ask(key, read, timeout) {
		const { now } = this.#config;
		if (now() < this.#retryAt) throw new Error("the list did not answer a moment ago");
		if (this.#retryAt > 0) this.#retryAt = now() + RETRY_AFTER;
		const reading = (async () => read())();
		this.#underWay.set(key, reading);
		return this.#settled(key, reading, timeout);
	}
	async #settled(key, reading, timeout) {
		try {
			const answer = await withTimeout(reading, timeout);
			this.#retryAt = 0;
			return answer;
		} catch (error) {
			this.#retryAt = this.#config.now() + RETRY_AFTER;
			throw error;
		} finally {
			this.#forget(key, reading);
		}
	}
	#forget(key, reading) {
		if (this.#underWay.get(key) === reading) this.#underWay.delete(key);
	}
};
// node_modules/sealed-session/dist/revocation/revocation.js
/**
* What sessions and the manager need of revocation, the events that it reports, and revocation without
* a list. `list-revocation.ts` is revocation by a list.
*/
/** The event for a mark that was written, and the family that it is about. */
function eventOf(target, family) {
	if (target.scope === "replaced") return [{ type: "regenerated" }, family];
	if (family !== void 0) return [{ type: "signed-out" }, family];
	return [{
		type: "revoked",
		scope: target.scope
	}, "sid" in target ? target.sid : void 0];
}
/** `revocationList: 'none'`: nothing is recorded, so a revocation is not possible. */
function noRevocation(now, report) {
	const needsList = async () => {
		throw new TypeError("this call needs a revocation list, but \"revocationList\" is 'none'");
	};
	return {
		check: async (_, chk) => ({
			status: "good",
			checkedAt: chk
		}),
		recheck: async () => ({
			status: "good",
			checkedAt: void 0
		}),
		record: async (target, { family } = {}) => {
			if (family === void 0) return needsList();
			await report(...eventOf(target, family));
		},
		endingInMemory: () => void 0,
		marksOf: needsList,
		endLocally: () => {},
		nextSince: needsList,
		nextStart: now,
		nextOthers: now
	};
}
// node_modules/sealed-session/dist/revocation/list-revocation.js
/**
* Whether a session was revoked. Asks first what this isolate remembers, then a list that can be
* slow, stale or unreachable. Knows nothing of cookies or responses.
*/
const GRACE = 6e4;
const REPLACED_IN_FLIGHT = 6e4;
const KEEP_ALL = 1 / 2;
const REVOKED = Object.freeze({ status: "revoked" });
/** Revocation by a list. */
var ListRevocation = class {
	#config;
	#memory;
	#reads;
	/** Only for a list with `changes`. With `recheckAfter` 0 every request reads by key instead. */
	#changes;
	/** When the mark for everybody was last read. */
	#askedOfAll = Number.NEGATIVE_INFINITY;
	constructor(config) {
		this.#config = config;
		this.#memory = new RevocationMemory(config.now);
		this.#reads = new Reads(config);
		const { list, recheckAfter } = config;
		if (list.changes !== void 0 && recheckAfter > 0) this.#changes = new Changes(config, this.#reads);
	}
	async check(session, chk) {
		const known = this.#knownEnding(session);
		if (known !== void 0) return this.#revoked(session, known);
		const { recheckAfter, staleIfError, report } = this.#config;
		const last = this.#lastCheck(session, chk);
		const age = this.#age(last);
		if (this.#isWithin(recheckAfter, last)) {
			this.#changes?.refreshBeforeNeeded();
			return {
				status: "good",
				checkedAt: last
			};
		}
		try {
			if (!await this.#changes?.refresh()) return await this.#ask(session, recheckAfter > 0 ? "join" : "ask");
			const ending = this.#knownEnding(session);
			if (ending !== void 0) return this.#revoked(session, ending);
			const checkedAt = this.#lastCheck(session, chk);
			if (this.#isWithin(recheckAfter, checkedAt)) return {
				status: "good",
				checkedAt
			};
			return await this.#ask(session, "join");
		} catch (cause) {
			if (staleIfError === 0 || age >= staleIfError) return {
				status: "unavailable",
				error: this.#unavailable("read", cause)
			};
			report({
				type: "revocation-stale",
				age: Math.max(0, age) / 1e3,
				cause
			});
			return {
				status: "good",
				checkedAt: last
			};
		}
	}
	async recheck(session) {
		const known = this.#knownEnding(session);
		if (known !== void 0) return this.#revoked(session, known);
		try {
			return await this.#ask(session, "ask");
		} catch (cause) {
			return {
				status: "unavailable",
				error: this.#unavailable("read", cause)
			};
		}
	}
	endingInMemory(session) {
		return this.#memory.endingOf(session);
	}
	async marksOf(targets, key = "index") {
		try {
			return await this.#reads.ask(key, () => this.#read(targets));
		} catch (cause) {
			throw this.#unavailable("read", cause);
		}
	}
	async record(target, details = {}) {
		const { list, now, report, timeout } = this.#config;
		const { limit = now() + 3456e7, mark = this.#memory.nextMark(target) } = details;
		const family = target.scope === "session" ? target.sid : details.family;
		const seconds = Math.ceil((limit + GRACE - now()) / 1e3);
		if (seconds <= 0) return;
		const writes = entriesOf(target, mark).map(async ([entry, instant]) => {
			if ("sid" in entry && this.#memory.isRecorded(entry, family)) return false;
			await withTimeout(list.write(entry, instant, seconds), timeout);
			this.#memory.remember(entry, instant, family);
			return true;
		});
		const results = await Promise.allSettled(writes);
		const failed = results.find((result) => result.status === "rejected");
		if (failed !== void 0) throw this.#unavailable("write", failed.reason);
		if (results.some((result) => result.status === "fulfilled" && result.value)) await report(...eventOf(target, details.family));
	}
	endLocally(family) {
		for (const [entry, mark] of entriesOf({
			scope: "session",
			sid: family
		}, this.#config.now())) this.#memory.endLocally(entry, mark, family);
	}
	nextStart(subject, mark = 0) {
		return this.#memory.nextStart(subject, mark);
	}
	nextOthers(subject) {
		return this.#nextOwnMark("others", subject);
	}
	#nextOwnMark(scope, subject) {
		const mark = this.#memory.nextOwnMark(scope, subject);
		if (mark !== void 0) return mark;
		throw this.#unavailable("write", /* @__PURE__ */ new Error("too many marks of one subject within a second"));
	}
	async nextSince(subject) {
		const targets = [{ scope: "all" }, ...["subject", "since"].map((scope) => ({
			scope,
			subject
		}))];
		const marks = await this.marksOf(targets, `since ${subject}`);
		const mark = this.#nextOwnMark("since", subject);
		if ([...marks.values()].some((known) => known > mark + 1e3)) throw new SessionError("ended", "a mark in the revocation list bars the subject");
		return Math.max(mark, ...marks.values());
	}
	/** The mark known in this isolate that ends the session. */
	#knownEnding(session) {
		const known = this.#memory.endingOf(session);
		if (known !== void 0) return known;
		const ending = this.#changes?.endingOf(session);
		if (ending === void 0) return void 0;
		this.#learn(ending.target, ending.mark, session.family);
		this.#changes?.refreshBeforeNeeded();
		return ending;
	}
	/** When the session was last found good. The journal is used only if the cookies are too old. */
	#lastCheck({ sid }, chk) {
		const last = later(chk, this.#memory.checkedAt(sid));
		return this.#isWithin(this.#config.recheckAfter, last) || !this.#changes?.reaches(last) ? last : later(last, this.#changes.checkedAt);
	}
	#age(checkedAt) {
		return ageOf(checkedAt, this.#config.now());
	}
	#isWithin(limit, checkedAt) {
		return isWithin(limit, checkedAt, this.#config.now());
	}
	/** Asks the list about a session. Rejects if the list fails or is late. */
	async #ask(session, how) {
		const { checkedAt, marks } = await this.#reads[how](session.sid, () => this.#readAbout(session, how === "join"));
		const ending = endingOf(session, (target) => marks.get(targetName(target))) ?? this.#knownEnding(session);
		if (ending !== void 0) {
			this.#learn(ending.target, ending.mark, session.family);
			return this.#revoked(session, ending);
		}
		this.#memory.foundGood(session.sid, checkedAt);
		return {
			status: "good",
			checkedAt
		};
	}
	/**
	* Reads the marks that concern a session. The mark for everybody is the same for all sessions, so
	* it is kept for a part of `recheckAfter`; the check is then as old as that mark.
	*/
	async #readAbout(session, mayKnow) {
		const asked = this.#config.now();
		const askedOfAll = this.#askedOfAll;
		const isKnown = mayKnow && this.#isWithin(this.#config.recheckAfter * KEEP_ALL, askedOfAll);
		const targets = targetsOf(session).filter(({ scope }) => scope !== "all" || !isKnown);
		const marks = await this.#read(targets);
		if (isKnown) return {
			checkedAt: Math.min(asked, askedOfAll),
			marks
		};
		if (marks.get("all") !== Number.POSITIVE_INFINITY) this.#askedOfAll = asked;
		return {
			checkedAt: asked,
			marks
		};
	}
	/** Remembers the mark that ended a session, unless an operator can still correct it. */
	#learn(target, mark, family) {
		if ("sid" in target) this.#memory.endLocally(target, mark, family);
		else if (mark <= this.#config.now() + 6e4) this.#memory.remember(target, mark);
	}
	/** The marks that the list has for some targets. This isolate remembers them. */
	async #read(targets) {
		const { list, now, report } = this.#config;
		const answer = await list.read(targets);
		if (answer.length !== targets.length) throw new TypeError("the list answered for other targets");
		const found = /* @__PURE__ */ new Map();
		for (const [index, target] of targets.entries()) {
			const mark = answer[index];
			if (mark === void 0) continue;
			const isInstant = mark <= now() + 6e4;
			const isOfSid = "sid" in target;
			found.set(targetName(target), isInstant || isOfSid ? mark : Number.POSITIVE_INFINITY);
			if (isOfSid) continue;
			if (isInstant) this.#memory.remember(target, mark);
			else report({
				type: "revocation-unreadable",
				scope: target.scope
			});
		}
		return found;
	}
	async #revoked({ iat, family }, { target, mark }) {
		const age = this.#config.now() - mark;
		if (target.scope === "replaced" && mark >= iat && age > REPLACED_IN_FLIGHT) await this.#config.report({
			type: "replaced-sid",
			age: age / 1e3
		}, family);
		return REVOKED;
	}
	#unavailable(operation, cause) {
		this.#config.report({
			type: "revocation-unavailable",
			operation,
			cause
		});
		return new SessionError("revocation-unavailable", `the revocation list failed on a ${operation}`, { cause });
	}
};
const later = (a, b) => a === void 0 || b === void 0 ? a ?? b : Math.max(a, b);
// node_modules/sealed-session/dist/session/activity.js
/**
* Decides which requests count as a person's activity and so slide the idle timeout. Looks only at
* a request's headers.
*/
/** Validates the options and returns the decision as a function. */
function resolveActivity(options, sameSite) {
	const { isActivity = isNotPassive, activityOrigins } = options;
	assertOptional("isActivity", isActivity, "function");
	const counts = (request) => !isPrefetch(request) && isActivity(request);
	const origins = readOrigins(activityOrigins);
	if (sameSite === "none") return (request) => isOfThisSiteOr(origins, request) && counts(request);
	if (activityOrigins === void 0) return counts;
	throw new TypeError("\"activityOrigins\" needs \"cookie.sameSite\" 'none': with any other value, browsers send no cookies with requests from pages of other sites");
}
function readOrigins(origins = []) {
	if (!Array.isArray(origins)) throw new TypeError(`"activityOrigins" must be an array of origins; got ${kindOf(origins)}`);
	for (const [index, origin] of origins.entries()) {
		if (typeof origin === "string" && isOrigin(origin)) continue;
		throw new TypeError(`"activityOrigins" must hold origins as browsers send them, such as "https://app.example" without a path; item ${index + 1} is not an origin`);
	}
	return new Set(origins);
}
const isOrigin = (text) => /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
/**
* True for a request of this site, for a document that another site's link, form or redirect leads
* to, and for a request of an allowed origin. Pages cannot forge these headers (Fetch Metadata). A
* browser that does not send `Sec-Fetch-Site` counts as this site.
*/
function isOfThisSiteOr(origins, { headers }) {
	if (headers.get("Sec-Fetch-Site") !== "cross-site") return true;
	return headers.get("Sec-Fetch-Mode") === "navigate" && headers.get("Sec-Fetch-Dest") === "document" || origins.has(headers.get("Origin") ?? "");
}
/**
* The browser fetches a page in advance (Fetch, `Sec-Purpose`). That is not a person's activity.
*/
const isPrefetch = ({ headers }) => /\bprefetch\b/i.test(headers.get("Sec-Purpose") ?? headers.get("Purpose") ?? headers.get("X-Moz") ?? "");
const isNotPassive = ({ headers }) => headers.get("Session-Activity")?.toLowerCase() !== "passive";
// node_modules/sealed-session/dist/session/data.js
/**
* The app's data of one session: parsed on first use, compared with what was sealed, frozen when it
* is too late for changes. Knows nothing of claims or seals.
*/
const NONE = /* @__PURE__ */ new Set();
var SessionData = class {
	/** The JSON that was loaded or last sealed. */
	#baseline;
	#value;
	/**
	* The objects that were parsed here. All others in `#value` belong to the app and can be shared.
	*/
	#own = NONE;
	#isFrozen = false;
	constructor(source) {
		this.#baseline = source;
	}
	get value() {
		if (this.#value === void 0) {
			this.#value = JSON.parse(this.json());
			this.#own = containersOf(this.#value);
			if (this.#isFrozen) freezeOwn(this.#value, this.#own);
		}
		return this.#value;
	}
	set value(value) {
		this.#value = value;
	}
	/** The current data as JSON. Throws `not-json`, and the fault if the data could not be loaded. */
	json() {
		return this.#value === void 0 ? this.#sealed() : objectToJson(this.#value);
	}
	#sealed() {
		if (typeof this.#baseline === "function") this.#baseline = this.#baseline();
		if (typeof this.#baseline !== "string") throw this.#baseline;
		return this.#baseline;
	}
	isChanged() {
		if (this.#value === void 0) return false;
		try {
			return this.json() !== this.#sealed();
		} catch {
			return true;
		}
	}
	/** Sets the JSON that later changes are compared with. */
	setBaseline(json) {
		this.#baseline = json;
	}
	/** From now on a change throws instead of getting lost. */
	freeze() {
		this.#isFrozen = true;
		if (this.#value !== void 0) this.#value = freezeOwn(this.#value, this.#own);
	}
	/**
	* Goes back to what was last sealed. Objects that a handler still holds are frozen, because a
	* change to them would be lost.
	*/
	reset() {
		this.freeze();
		this.#value = void 0;
		this.#isFrozen = false;
	}
};
/** The error for a session cookie that browsers would drop. */
function tooLarge(length, { name, maxTokenLength }, { json, subject = "" }) {
	return new SessionError("too-large", `the session takes ${length + name.length} bytes and browsers drop a cookie over ${maxTokenLength + name.length}; the subject takes ${utf8Length(subject)}, and the biggest members of data are: ${biggestMembers(json)}`);
}
/** The JSON of an object, if parsing it gives an equal object. Throws `not-json`. */
function objectToJson(value) {
	const json = toJson(value, "data");
	if (json.startsWith("{")) return json;
	throw new SessionError("not-json", "data must be an object");
}
// node_modules/sealed-session/dist/session/schema-issues.js
/**
* The issues of a schema, without the values that its messages may repeat (`must be a string (was
* "…")`), because an app shows them and may log them.
*/
const MOST = 20;
const LONGEST = 200;
/** So many characters in common are a quotation. They are looked for where a value begins. */
const PIECE = 12;
const BEGINNING = 1e4;
/** The path of an issue. Data is JSON, so its parts are names and indices. */
const pathOf = ({ path = [] }) => path.map((part) => typeof part === "object" ? part.key : part).map((key) => typeof key === "number" ? key : String(key));
/** A message that repeats a value, or a piece of one, gives way to one that does not. */
function withoutValues(issues, json) {
	const values = /* @__PURE__ */ new Set();
	JSON.parse(json, (_, value) => {
		if (typeof value === "object") return value;
		values.add(wordsOf(String(value))).add(wordsOf(JSON.stringify(value)));
		return value;
	});
	values.delete(NO_WORDS);
	return issues.slice(0, MOST).map((issue) => {
		const message = issue.message.slice(0, LONGEST);
		const isQuoting = [...values].some(isQuotedIn(wordsOf(message)));
		return {
			path: pathOf(issue),
			message: isQuoting ? "not accepted" : message
		};
	});
}
const NO_WORDS = "  ";
/** The words of a text with a space before, between and after them: punctuation does not count. */
const wordsOf = (text) => ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
const isQuotedIn = (message) => (value) => {
	if (message.includes(value)) return true;
	const beginning = value.slice(0, BEGINNING);
	for (let at = 0; at + PIECE <= message.length; at++) if (beginning.includes(message.slice(at, at + PIECE))) return true;
	return false;
};
// node_modules/sealed-session/dist/session/schema.js
/**
* What an app's data must be: its schema, the data of a new session, and the way from an earlier
* version. Knows nothing of claims, seals or cookies.
*/
function resolveDataRules(options) {
	const { dataVersion: version, migrate } = options;
	if (version !== void 0 && !(Number.isSafeInteger(version) && version >= 1)) {
		const got = typeof version === "number" ? version : kindOf(version);
		throw new TypeError(`"dataVersion" must be a whole number, at least 1; got ${got}`);
	}
	assertOptional("migrate", migrate, "function");
	if (migrate !== void 0 && version === void 0) throw new TypeError("\"migrate\" needs \"dataVersion\", the version that it leads to");
	return {
		version,
		...resolveSchema(options.schema),
		async migrate(json, sealed = 0) {
			if (migrate === void 0 || version === void 0 || sealed >= version) return json;
			return migratedJson(await migrate(JSON.parse(json), sealed));
		}
	};
}
/** A mistake in `migrate` must not look like a refusal, which would sign people out. */
function migratedJson(data) {
	if (typeof data !== "object" || data === null) throw new TypeError(`"migrate" must return the data as an object; got ${kindOf(data)}`);
	return objectToJson(data);
}
function resolveSchema(schema) {
	if (schema === void 0) return {
		fresh: async () => "{}",
		accept: async (json) => json
	};
	if (typeof schema?.["~standard"]?.validate !== "function") throw new TypeError(`"schema" must be a Standard Schema (zod, valibot, arktype, ...); got ${kindOf(schema)}`);
	const validate = (data) => schema["~standard"].validate(data);
	let answersLater;
	return {
		async fresh() {
			if (answersLater === false) return () => freshJson(validate({}));
			try {
				const result = validate({});
				answersLater = isThenable(result);
				return freshJson(await result);
			} catch (error) {
				return () => {
					throw error;
				};
			}
		},
		async accept(json) {
			const result = await validate(JSON.parse(json));
			if (result.issues !== void 0) throw refused(result.issues, json);
			return objectToJson(result.value);
		}
	};
}
function freshJson(result) {
	if ("then" in result) throw new TypeError("\"schema\" must answer {} always at once, or always with a promise");
	if (result.issues === void 0) return objectToJson(result.value);
	const [path = "data"] = result.issues.map(dataPathOf);
	throw new TypeError(`"schema" must accept {}, the data of a new session: give ${shorten(path)} a default, or make it optional`);
}
/** Names the paths. The schema's own messages can hold data, so they are not in the message. */
function refused(issues, json) {
	const paths = issues.slice(0, 3).map(dataPathOf).join(", ");
	return new SessionError("data", `the schema refused ${shorten(paths)}`, { issues: withoutValues(issues, json) });
}
const dataPathOf = (issue) => ["data", ...pathOf(issue)].join(".");
// node_modules/sealed-session/dist/session/options.js
/**
* The options of a manager, resolved once: validated, defaulted and frozen. A mistake shows at
* creation, never during a request.
*/
const MEMBERS = [
	"keys",
	"revocationList",
	"sessionIndex",
	"idleTimeout",
	"absoluteTimeout",
	"remembered",
	"touchAfter",
	"recheckAfter",
	"staleIfError",
	"revocationTimeout",
	"dataStore",
	"cookie",
	"schema",
	"dataVersion",
	"migrate",
	"audience",
	"isActivity",
	"activityOrigins",
	"onEvent",
	"now"
];
function resolveOptions(options) {
	onlyMembers("the options of createSessionManager", options, MEMBERS);
	const { now = systemClock, onEvent } = options;
	assertOptional("now", now, "function");
	assertOptional("onEvent", onEvent, "function");
	const timeouts = resolveTimeouts(options);
	const cookies = resolveCookies(options.cookie);
	const ring = keyRing(options.keys, now, warnsOfOtherKeys(options, cookies.session.name));
	const report = async (event, family) => {
		if (onEvent === void 0) return;
		const name = async (id) => (await ring())[0].pseudonym(id);
		const session = family && await name(family).catch(() => void 0);
		try {
			onEvent(session ? {
				...event,
				session
			} : event);
		} catch {}
	};
	const revocation = resolveRevocation(options, now, report);
	const use = {
		kind: "data",
		name: cookies.session.name
	};
	return Object.freeze({
		now,
		ring,
		cookies: {
			session: new SealedCookie(cookies.session, sessionCodec),
			activity: new SealedCookie(cookies.activity, activityCodec),
			flash: new SealedCookie(cookies.flash, sessionCodec)
		},
		timeouts,
		revocation,
		index: resolveIndex(options, {
			now,
			report,
			revocation
		}),
		dataStore: resolveDataStore(options.dataStore)?.connect({
			now,
			report,
			seal: async (json) => (await sealJson(json, use, await ring(), now())).token,
			open: async (token) => {
				const hours = hoursUntil(now(), timeouts.longest);
				const candidate = SEALED.identify(token, use, await ring(), hours);
				return typeof candidate === "object" ? open(candidate) : void 0;
			}
		}),
		data: resolveDataRules(options),
		audience: resolveAudience(options.audience),
		isActivity: resolveActivity(options, options.cookie?.sameSite),
		report
	});
}
/** A manager with a clock of its own is in a test, which makes several managers on purpose. */
function warnsOfOtherKeys({ now }, cookieName) {
	if (now !== void 0) return void 0;
	const manager = {};
	return (ring) => noticeKeys(cookieName, manager, ring.map(({ id }) => id));
}
function resolveIndex({ sessionIndex, revocationList, revocationTimeout = 2 }, host) {
	if (sessionIndex === void 0) return void 0;
	if (typeof sessionIndex.open !== "function" || revocationList === "none") throw new TypeError("\"sessionIndex\" must be a session index, beside a revocation list");
	return sessionIndex.open({
		...host,
		rules: {
			endingOf,
			targetsOf
		},
		timeout: revocationTimeout * 1e3
	});
}
function resolveRevocation(options, now, report) {
	const { recheckAfter = 60, staleIfError = 300, revocationTimeout = 2 } = options;
	const config = {
		recheckAfter: wholeSeconds("recheckAfter", recheckAfter) * 1e3,
		staleIfError: wholeSeconds("staleIfError", staleIfError) * 1e3,
		timeout: wholeSeconds("revocationTimeout", revocationTimeout, 1, 60) * 1e3,
		now,
		report
	};
	const list = options.revocationList;
	if (list === "none") return noRevocation(now, report);
	if (isRevocationList(list)) return new ListRevocation({
		...config,
		list
	});
	throw new TypeError(`"revocationList" must be a revocation list, such as kvRevocationList(env.REVOCATIONS), or 'none' to accept that a copied cookie works after sign-out; got ${insteadOfList(list)}`);
}
function resolveDataStore(store) {
	if (store === void 0 || isDataStore(store)) return store;
	throw new TypeError(`"dataStore" must be a data store, such as kvDataStore(...); got ${kindOf(store)}`);
}
const isDataStore = (store) => typeof store === "object" && store !== null && "connect" in store;
function resolveAudience(audience) {
	if (audience === void 0) return () => void 0;
	const checked = (name) => {
		if (typeof name === "string" && name !== "" && name.isWellFormed()) return name;
		throw new TypeError(`"audience" must be a non-empty string, or a function that returns one; got ${kindOf(name)}`);
	};
	if (typeof audience === "function") return (request) => checked(audience(request));
	const name = checked(audience);
	return () => name;
}
function insteadOfList(list) {
	if (isThenable(list)) return "a promise: await it first";
	if (typeof list === "function") return "a function: call it";
	return typeof list === "object" && list !== null && "get" in list && "put" in list ? "a KV namespace: wrap it in kvRevocationList(...)" : kindOf(list);
}
const isRevocationList = (list) => typeof list === "object" && list !== null && "read" in list && "write" in list;
// node_modules/sealed-session/dist/session/requests.js
/** Gives the same session for the same `Request`, from the first load until commit. */
const MOST_COMPARED = 100;
var Requests = class {
	#underWay = [];
	/** Requests that many later ones have followed. Most of them were never committed. */
	#older = /* @__PURE__ */ new WeakMap();
	get(request) {
		return this.#underWay.find((one) => one.request === request)?.loaded ?? this.#older.get(request);
	}
	set(request, loaded) {
		this.#underWay.push({
			request,
			loaded
		});
		if (this.#underWay.length <= MOST_COMPARED) return;
		const oldest = this.#underWay.shift();
		if (oldest !== void 0) this.#older.set(oldest.request, oldest.loaded);
	}
	delete(request) {
		const at = this.#underWay.findIndex((one) => one.request === request);
		if (at === -1) this.#older.delete(request);
		else this.#underWay.splice(at, 1);
	}
};
// node_modules/sealed-session/dist/session/external.js
/** The name of a session at an identity provider, in our claims and in the revocation list. */
/** The first 132 bits of the SHA-256 of the two as JSON: a provider's long ids take no room. */
async function externalName([issuer, sid]) {
	assertSubject(issuer, "an issuer");
	assertSubject(sid, "its sid");
	const text = new TextEncoder().encode(JSON.stringify([issuer, sid]));
	return toBase64url(await crypto.subtle.digest("SHA-256", text)).slice(0, 22);
}
// node_modules/sealed-session/dist/session/revoke.js
/**
* Sessions that are ended, or listed, from outside: by an administrator, an identity provider, or their
* subject on another device.
*/
/** The calls of a manager that are about no request. */
function revocationCalls({ index, now, revocation }) {
	return {
		async revokeSession(sid) {
			if (!isSid(sid)) throw new TypeError(`a sid is 22 characters of base64url; got ${kindOf(sid)}`);
			await revocation.record({
				scope: "session",
				sid
			});
		},
		async revokeSubject(subject, options = {}) {
			assertSubject(subject);
			const mark = instantOf(options, now());
			await revocation.record({
				scope: mark === void 0 ? "subject" : "since",
				subject
			}, { mark });
		},
		async revokeExternal(external, options = {}) {
			const session = await externalName(external);
			await revocation.record({
				scope: "external",
				session
			}, { mark: instantOf(options, now()) });
		},
		revokeAll: () => revocation.record({ scope: "all" }),
		async listSessions(subject) {
			assertSubject(subject);
			if (index !== void 0) return index.list(subject);
			throw new TypeError("listSessions() needs the option \"sessionIndex\"");
		}
	};
}
/** The time of an event in another system. If its clock is ahead, no later sign-in ends. */
function instantOf(options, now) {
	onlyMembers("the options of a revocation", options, ["before"]);
	const { before } = options;
	if (before === void 0) return void 0;
	const instant = before instanceof Date ? before.getTime() : NaN;
	if (instant >= 0) return Math.min(instant, now);
	throw new TypeError("\"before\" must be a valid Date");
}
// node_modules/sealed-session/dist/session/calls.js
/**
* Runs the calls on a session one after the other, and notes which of them are awaited. A handler
* that forgets an `await` must not turn a failed sign-out into a success.
*/
/**
* A promise that knows whether its outcome was asked for. It is a subclass because `await` on a
* native promise does not call an own `then`.
*/
var Call = class extends Promise {
	static get [Symbol.species]() {
		return Promise;
	}
	observed = false;
	then(onFulfilled, onRejected) {
		this.observed = true;
		return super.then(onFulfilled, onRejected);
	}
};
/** The calls of one session. */
var Calls = class {
	/** The error of the last call that failed. */
	failure;
	#last = Promise.resolve();
	#failures = [];
	/** Runs `work` after the calls before it. */
	begin(work) {
		const running = this.#last.then(work);
		const call = new Call((resolve, reject) => {
			running.then(resolve, reject);
		});
		this.#last = running.catch((error) => {
			this.failure = error;
			this.#failures.push({
				call,
				error
			});
		});
		Promise.prototype.then.call(call, void 0, () => {});
		return call;
	}
	/** Awaits all calls. Rejects, once, with the failure of a call that was not awaited. */
	async settle() {
		let last;
		while (last !== this.#last) {
			last = this.#last;
			await last;
		}
		const failure = this.#failures.find(({ call }) => !call.observed);
		this.#failures = [];
		if (failure !== void 0) throw failure.error;
	}
};
// node_modules/sealed-session/dist/session/families.js
/**
* The families of the sessions that came with a request, and how a sign-out or a sign-in ends them.
*
* The sid that came is not enough, because it can have been replaced while the response with its
* successor is still on the way. Sessions that are over are included, because a copy can be alive
* elsewhere.
*/
var Families = class {
	#families;
	#config;
	constructor(families, config) {
		this.#families = families;
		this.#config = config;
	}
	/** Ends all. Every one is tried, even if one fails; then it rejects. */
	async endAll() {
		const failed = (await Promise.allSettled(this.#take().map((family) => this.#end(family)))).find((result) => result.status === "rejected");
		if (failed !== void 0) throw failed.reason;
	}
	/**
	* Ends all before a sign-in. Rejects only if the live session could not be ended. A session that
	* is already over does not make a sign-in fail.
	*/
	async leave(live) {
		const families = this.#families;
		const current = families.find(({ family }) => family === live);
		const others = families.filter((family) => family !== current);
		const ending = Promise.allSettled(others.map((family) => this.#end(family)));
		try {
			if (current !== void 0) await this.#record(current);
		} finally {
			await ending;
		}
		this.#take();
	}
	/** A second call in the same request must not end them again. */
	#take() {
		const families = this.#families;
		this.#families = [];
		return families;
	}
	/** Ends a family. If the list cannot be written, ends it in this isolate and rejects. */
	async #end(family) {
		try {
			await this.#record(family);
		} catch (error) {
			this.#config.revocation.endLocally(family.family);
			throw error;
		}
	}
	async #record(left) {
		const { family, limit } = left;
		const { index, revocation } = this.#config;
		await revocation.record({
			scope: "session",
			sid: family
		}, {
			family,
			limit
		});
		index?.left(left);
	}
};
// node_modules/sealed-session/dist/session/flash.js
/**
* Messages that are shown once. They wait in a sealed cookie of their own, which no other write
* touches: a small session with the messages as its data and five minutes to live. Its family is that
* of the session that they are for, or its own sid if they are for none.
*/
const LIFE = 3e5;
const MAX_BYTES = 1024;
/** The messages of one request. */
var Flash = class {
	#context;
	#added = [];
	/** Whether the messages that came were taken, or are for somebody else. */
	#isGone = false;
	constructor(context) {
		this.#context = context;
	}
	/** Adds a message. Throws `not-json` and `too-large`. */
	add(name, data) {
		if (typeof name !== "string") throw new TypeError(`flash() takes a name, then its data; got ${kindOf(name)}`);
		const added = [...this.#added, JSON.parse(toJson({
			name,
			data
		}, "flash"))];
		const bytes = sizeOf(added);
		if (bytes > MAX_BYTES) throw new SessionError("too-large", `flash takes ${bytes} bytes, at most ${MAX_BYTES} fit`);
		this.#added = added;
	}
	/** All messages that wait, and those added by this request. They are gone then. */
	async take() {
		const all = [...messagesOf(await this.#waiting()), ...this.#added];
		this.#added = [];
		this.drop();
		return all;
	}
	/** Forgets the messages that came. */
	drop() {
		this.#isGone = true;
	}
	/**
	* The `Set-Cookie` value that a response has to carry. `fresh` are claims that begin now, and
	* `family` is that of the session from now on.
	*/
	async outcome(fresh, family) {
		const { config, header } = this.#context;
		const { flash } = config.cookies;
		const added = this.#added;
		this.#added = [];
		if (added.length === 0 && (this.#isGone || family === this.#context.family)) return this.#isGone && header.includes(`${flash.name}=`) ? flash.clear() : void 0;
		const came = await this.#waiting();
		if (added.length === 0 && !(came && isBound(came))) return void 0;
		const messages = [...messagesOf(came), ...added];
		while (sizeOf(messages) > MAX_BYTES) messages.shift();
		const claims = {
			...fresh,
			family: family ?? fresh.sid,
			json: JSON.stringify({ messages })
		};
		return flash.write(await flash.seal(claims, await config.ring(), config.now()), LIFE / 1e3);
	}
	/** The messages that came, if they are for this session or for none. */
	async #waiting() {
		const { config, header, audience, family } = this.#context;
		if (this.#isGone) return void 0;
		const now = config.now();
		const how = {
			ring: await config.ring(),
			now,
			longest: LIFE
		};
		const { claims } = await config.cookies.flash.open(header, how);
		return claims.filter((one) => !isBound(one) || one.family === family).filter((one) => one.audience === audience && Math.abs(now - one.iat) < LIFE).sort((a, b) => b.iat - a.iat)[0];
	}
};
const isBound = ({ sid, family }) => sid !== family;
const messagesOf = (claims) => claims ? JSON.parse(claims.json).messages : [];
const sizeOf = (messages) => utf8Length(JSON.stringify(messages));
// node_modules/sealed-session/dist/session/seal-claims.js
/** Seals the claims of a session. Data that does not fit goes to the data store, if there is one. */
/** Rejects with `too-large`, `keys-unavailable` and `data-unavailable`. */
async function sealClaims(claims, config) {
	const { cookies, dataStore, now, report, ring } = config;
	const { json, limit } = claims;
	const store = claims.ref === void 0 ? dataStore : void 0;
	if (!store?.takes(json)) {
		const token = await cookies.session.seal(claims, await ring(), now());
		if (token.length <= cookies.session.maxTokenLength) return {
			claims,
			token
		};
		if (store === void 0) {
			await report({
				type: "data-too-large",
				bytes: token.length
			}, claims.family);
			throw tooLarge(token.length, cookies.session, claims);
		}
	}
	return sealClaims({
		...claims,
		json: "{}",
		ref: await store.write(json, limit)
	}, config);
}
// node_modules/sealed-session/dist/session/state.js
/**
* How a session changes during one request: its claims, its data, and the cookies for the response.
* `session.ts` decides when an app can make which call.
*/
/** In seconds. */
const DAY = 86400;
var SessionState = class {
	/**
	* Whether this request slides the idle timeout. If not, `passive` still lets a read record a
	* revocation check; `ignored` sets no cookie on a read.
	*/
	activity = "counted";
	#config;
	#audience;
	#request;
	#flash;
	#claims;
	#data;
	#ended;
	/** The last real revocation check. */
	#chk;
	/** Last activity when it came. */
	#actBefore;
	/** What happened in this request that is not reported yet. */
	#news;
	#activityIsStale = false;
	/** The sid that the browser holds. */
	#heldSid;
	#families;
	/** The session token that was sealed for this response. */
	#token;
	constructor({ session, families, audience }, config, request) {
		this.#config = config;
		this.#request = request;
		this.#families = new Families(families, config);
		this.#audience = audience;
		this.#data = new SessionData(session.status === "locked" ? "{}" : session.data);
		if (session.status === "none") this.#ended = session.ended;
		if (session.status !== "live") return;
		this.#claims = session.claims;
		this.#chk = session.chk;
		this.#actBefore = session.claims.act;
		this.#activityIsStale = session.activityIsStale;
		this.#heldSid = session.claims.sid;
		this.activity = session.isActivity ? "counted" : "passive";
	}
	get claims() {
		return this.#claims;
	}
	get ended() {
		return this.#ended;
	}
	get data() {
		return this.#data;
	}
	/** The messages, made when somebody asks for them. */
	get flash() {
		this.#flash ??= new Flash({
			config: this.#config,
			header: this.#request.headers.get("Cookie") ?? "",
			audience: this.#audience,
			family: this.#claims?.family
		});
		return this.#flash;
	}
	/** Last activity once this response has been delivered. */
	act() {
		const now = this.#config.now();
		if (this.#claims === void 0) return now;
		return this.#slides() ? Math.max(this.#claims.act, now) : this.#claims.act;
	}
	async signIn(subject, { remember, endOthers = false, external }) {
		assertSubject(subject);
		assertOptional("remember", remember, "boolean");
		assertOptional("endOthers", endOthers, "boolean");
		const { revocation } = this.#config;
		const before = this.#claims;
		const isSame = before?.subject === subject;
		const isAnother = !isSame && before?.subject !== void 0;
		const remembered = remember ?? (isSame && before.remembered);
		const data = isAnother ? await this.#freshData() : this.#data;
		const { flash } = this;
		const since = endOthers ? await revocation.nextSince(subject) : void 0;
		const next = {
			...this.#fresh(subject, remembered, since),
			external: external && await externalName(external)
		};
		await this.#moveTo(next, data, async () => {
			if (since !== void 0) await revocation.record({
				scope: "since",
				subject
			}, { mark: since });
			await this.#families.leave(before?.family);
			this.#heldSid = void 0;
		});
		if (isAnother) flash.drop();
		this.#chk = this.#claims?.iat;
		this.#ended = void 0;
		this.activity = "counted";
		this.#news = "signed-in";
	}
	async regenerate() {
		if (this.#claims === void 0) return;
		const { family, limit } = this.#claims;
		const next = {
			...this.#claims,
			sid: generateSid(),
			act: this.act()
		};
		await this.#moveTo(next, this.#data, async () => {
			const sid = this.#heldSid;
			if (sid !== void 0) await this.#config.revocation.record({
				scope: "replaced",
				sid
			}, {
				family,
				limit
			});
			this.#heldSid = void 0;
		});
	}
	async signOutOthers() {
		const subject = this.#claims?.subject;
		if (subject === void 0) throw new TypeError("signOutOthers() needs a subject: guard the route with requireSignIn()");
		await this.recheck();
		if (this.#claims === void 0) throw new SessionError("ended", "the session was revoked");
		const { revocation } = this.#config;
		const { iat, kept = iat } = this.#claims;
		const target = {
			scope: "others",
			subject
		};
		const mark = Math.max(revocation.nextOthers(subject), kept);
		const next = {
			...this.#claims,
			sid: generateSid(),
			kept: mark + 1,
			act: this.act()
		};
		await this.#moveTo(next, this.#data, () => revocation.record(target, { mark }));
		this.#news ??= "kept";
	}
	/**
	* Ends every session that came. If the list cannot be written, they still end in this isolate.
	*/
	async destroy() {
		this.flash.drop();
		this.#claims = void 0;
		this.#data.freeze();
		await this.#families.endAll();
	}
	/** Asks the revocation list now. */
	async recheck() {
		if (this.#claims === void 0) return;
		const verdict = await this.#config.revocation.recheck(this.#claims);
		if (verdict.status === "unavailable") throw verdict.error;
		if (verdict.status === "good") {
			const checkedAt = verdict.checkedAt ?? this.#chk;
			this.#activityIsStale ||= checkedAt !== this.#chk;
			this.#chk = checkedAt;
			return;
		}
		await this.#config.report({
			type: "ended",
			reason: "revoked"
		}, this.#claims.family);
		this.flash.drop();
		this.#claims = this.#heldSid = this.#token = void 0;
		this.#ended = "revoked";
		this.#leaveData(await this.#freshData());
	}
	/** Seals the data under the current sid. */
	save() {
		const next = this.#claims ? {
			...this.#claims,
			act: this.act()
		} : this.#fresh(void 0, false, void 0);
		return this.#moveTo(next, this.#data);
	}
	/** Seals what changed and returns the cookies for the response. */
	async outcome() {
		const { cookies, index, now, ring } = this.#config;
		if (this.#data.isChanged()) await this.save();
		if (this.#claims === void 0) return NOTHING;
		const { sid } = this.#claims;
		const isDue = this.#activityIsDue();
		const act = this.act();
		this.#claims = {
			...this.#claims,
			act
		};
		const maxAge = this.#maxAge();
		const session = this.#token && cookies.session.write(this.#token, maxAge);
		const token = isDue && await cookies.activity.seal({
			sid,
			act,
			chk: this.#chk
		}, await ring(), now());
		if (this.#news !== void 0 || index !== void 0) await this.#announce(this.#claims);
		return {
			session,
			activity: token ? cookies.activity.write(token, maxAge) : void 0,
			isLive: true
		};
	}
	/** Reports a sign-in, and keeps the session index up to date. */
	async #announce(claims) {
		const { index, report } = this.#config;
		const news = this.#news;
		this.#news = void 0;
		if (news === "signed-in") await report({ type: news }, claims.family);
		await index?.committed(claims, {
			request: this.#request,
			news,
			actBefore: this.#actBefore
		});
	}
	/** The `Set-Cookie` values that clear both cookies. */
	cleared() {
		const { session, activity } = this.#config.cookies;
		return {
			session: session.clear(),
			activity: activity.clear(),
			isLive: false
		};
	}
	/** With the cookie of the messages, if the response has to carry it. */
	async withFlash(outcome) {
		if (this.#flash === void 0) return outcome;
		const fresh = this.#fresh(void 0, false, void 0);
		return {
			...outcome,
			flash: await this.#flash.outcome(fresh, this.#claims?.family)
		};
	}
	#activityIsDue() {
		if (this.#claims?.sid !== this.#heldSid || this.#slides()) return true;
		return this.#activityIsStale && this.activity !== "ignored";
	}
	#slides() {
		const { now, timeouts } = this.#config;
		if (this.activity === "forced") return true;
		return this.activity === "counted" && touchDue(this.#claims?.act ?? 0, now(), timeouts);
	}
	/**
	* The remaining life of a remembered session, in seconds, and a day more: while the browser still
	* sends the cookie, the server can say why the session ended.
	*/
	#maxAge() {
		if (!this.#claims?.remembered) return void 0;
		const { now, timeouts } = this.#config;
		const left = deadlines(this.#claims, timeouts).absolute - now();
		return Math.min(3456e4, Math.ceil(left / 1e3) + DAY);
	}
	/** A session that begins now, later than `mark`. */
	#fresh(subject, remembered, mark) {
		const { revocation, timeouts } = this.#config;
		const iat = revocation.nextStart(subject, mark);
		const sid = generateSid();
		return {
			sid,
			family: sid,
			iat,
			limit: limitFrom(iat, remembered, timeouts),
			act: iat,
			kept: void 0,
			subject,
			external: void 0,
			audience: this.#audience,
			remembered
		};
	}
	/**
	* Goes on with new claims. Seals before it leaves the old sid, so that the session is not lost
	* when the data does not fit. Data that cannot be sealed is dropped.
	*/
	async #moveTo(next, data, leave) {
		const { accept, version } = this.#config.data;
		let sealed;
		let json;
		try {
			if (next.ref === void 0 || data.isChanged()) json = data.json();
			sealed = await sealClaims(json === void 0 ? {
				...next,
				json: "{}"
			} : {
				...next,
				ref: void 0,
				version,
				json: await accept(json)
			}, this.#config);
		} catch (error) {
			this.#data.reset();
			throw error;
		}
		await leave?.();
		this.#claims = sealed.claims;
		this.#token = sealed.token;
		if (json !== void 0) data.setBaseline(json);
		if (data !== this.#data) this.#leaveData(data);
	}
	async #freshData() {
		return new SessionData(await this.#config.data.fresh());
	}
	#leaveData(data) {
		this.#data.freeze();
		this.#data = data;
	}
};
const NOTHING = {
	session: void 0,
	activity: void 0,
	isLive: false
};
// node_modules/sealed-session/dist/session/session.js
/**
* One session during one request, as an app sees it: what the app can read and do, and when it is
* too late. Knows nothing of requests, cookies or responses.
*/
/** The implementation of `Session`, with the members that only the manager uses. */
var RequestSession = class RequestSession {
	/** Whether the app has used the session, so that its response depends on the cookie. */
	used = false;
	/** The request that it was loaded from. */
	request;
	#config;
	#state;
	#calls = new Calls();
	#locked;
	/** Whether the browser sent cookies that `destroy()` has to clear. */
	#hasCookies;
	#status = "open";
	#destroying;
	#settling;
	#failure;
	static {
		const strict = new Proxy(Object.prototype, { set: refuseProperty });
		const base = Object.create(strict, { then: { value: void 0 } });
		Object.setPrototypeOf(RequestSession.prototype, base);
	}
	constructor(found, config, request) {
		const { session } = found;
		this.request = request;
		this.#config = config;
		this.#state = new SessionState(found, config, request);
		this.#locked = session.status === "locked" ? session.error : void 0;
		this.#hasCookies = session.status !== "none" || session.ended !== void 0;
	}
	get sid() {
		return this.#look().claims?.sid;
	}
	get family() {
		return this.#look().claims?.family;
	}
	get subject() {
		return this.#look().claims?.subject;
	}
	async subjectTags() {
		const { subject } = this;
		if (subject === void 0) return [];
		const keys = await this.#config.ring();
		return Promise.all(keys.map((key) => key.subjectTag(subject)));
	}
	get ended() {
		return this.#look().ended;
	}
	get remembered() {
		return this.#look().claims?.remembered ?? false;
	}
	get createdAt() {
		return toDate(this.#look().claims?.iat);
	}
	get age() {
		const iat = this.#look().claims?.iat;
		return iat === void 0 ? void 0 : Math.max(0, this.#config.now() - iat) / 1e3;
	}
	get lastActivityAt() {
		return toDate(this.#afterResponse()?.act);
	}
	get idleExpiresAt() {
		return toDate(this.#deadlines()?.idle);
	}
	get absoluteExpiresAt() {
		return toDate(this.#deadlines()?.absolute);
	}
	get data() {
		const { data } = this.#look();
		try {
			return data.value;
		} catch (error) {
			this.#failure = error;
			throw error;
		}
	}
	set data(data) {
		const state = this.#assertOpen();
		if (data === void 0) throw new TypeError("session.data must be an object; give {} to empty it");
		state.data.value = data;
	}
	signIn(subject, options = {}) {
		return this.#begin(async (state) => {
			onlyMembers("the options of signIn", options, [
				"remember",
				"endOthers",
				"external"
			]);
			await state.signIn(subject, options);
		});
	}
	regenerate() {
		return this.#begin((state) => state.regenerate());
	}
	signOutOthers() {
		return this.#begin((state) => state.signOutOthers());
	}
	destroy() {
		this.used = true;
		if (this.#status === "committed") return Promise.reject(committed());
		this.#destroying ??= this.#calls.begin(async () => {
			this.#status = "destroyed";
			await this.#state.destroy();
			if (this.#locked?.code === "keys-unavailable") throw this.#locked;
		});
		return this.#destroying;
	}
	touch() {
		this.#assertOpen().activity = "forced";
	}
	skipTouch() {
		this.#assertOpen().activity = "ignored";
	}
	recheck() {
		if (this.#status === "committed") return this.#recheckCommitted();
		return this.#begin((state) => state.recheck());
	}
	save() {
		return this.#begin((state) => state.save());
	}
	flash(name, data) {
		(this.#status === "destroyed" ? this.#state : this.#assertOpen()).flash.add(name, data);
	}
	takeFlash() {
		return this.#begin((state) => state.flash.take());
	}
	/** The last error that the app got. A framework may have answered it without knowing it. */
	get failure() {
		return this.#failure ?? this.#calls.failure;
	}
	/** Whether it belongs to the manager with this configuration. */
	isOf(config) {
		return this.#config === config;
	}
	/**
	* Awaits the calls that were begun and seals what changed. After a rejection it can be called
	* again.
	*/
	settle() {
		this.#settling ??= this.#settle().catch((error) => {
			this.#settling = void 0;
			throw error;
		});
		return this.#settling;
	}
	async #settle() {
		await this.#calls.settle();
		if (this.#status === "destroyed") return this.#state.withFlash(this.#hasCookies ? this.#state.cleared() : NOTHING);
		this.#status = "committed";
		this.#state.data.freeze();
		if (this.#locked !== void 0) return NOTHING;
		try {
			return await this.#state.withFlash(await this.#state.outcome());
		} catch (error) {
			this.#status = "open";
			this.#state.data.reset();
			throw error;
		}
	}
	async #recheckCommitted() {
		await this.#look().recheck();
		this.#state.data.freeze();
	}
	#look() {
		this.used = true;
		if (this.#locked === void 0 || this.#status === "destroyed") return this.#state;
		this.#failure = this.#locked;
		throw this.#locked;
	}
	#assertOpen() {
		const state = this.#look();
		if (this.#status === "committed") throw committed();
		if (this.#status === "open") return state;
		throw new SessionError("destroyed", "the session was destroyed and cannot be changed any more");
	}
	/**
	* Runs work after the calls that were begun before it. Commit awaits it. After commit nothing
	* would await it, so the call rejects, and the platform reports the rejection if the app ignores
	* it.
	*/
	#begin(work) {
		this.used = true;
		if (this.#status === "committed") return Promise.reject(committed());
		return this.#calls.begin(async () => work(this.#assertOpen()));
	}
	/** The claims once this response has been delivered. */
	#afterResponse() {
		const { claims } = this.#look();
		if (claims === void 0 || this.#status !== "open") return claims;
		return {
			...claims,
			act: this.#state.act()
		};
	}
	#deadlines() {
		const claims = this.#afterResponse();
		return claims && deadlines(claims, this.#config.timeouts);
	}
};
/** `session.user = …` would be lost at the end of the request. */
function refuseProperty(_, property) {
	const name = String(property);
	throw new TypeError(`a session has no property "${name}": keep it in session.data.${name}`);
}
const committed = () => new SessionError("committed", "the session is already in the response: change it before commit");
const toDate = (instant) => instant === void 0 ? void 0 : new Date(instant);
// node_modules/sealed-session/dist/session/manager.js
/**
* A request's whole life: `load` finds its session, the app uses it, `commit` seals what changed and
* writes the response.
*/
/**
* Makes the manager of an app's sessions. Call it once per isolate, not once per request.
*
* A mistake in the options is a `TypeError` that names the option and what it should be.
*
* @example
* const sessions = createSessionManager<{ theme: string }>({
*   keys: env.SESSION_KEYS,
*   revocationList: kvRevocationList(env.REVOCATIONS),
* })
*/
function createSessionManager(options) {
	const config = resolveOptions(options);
	const { cookies } = config;
	const requests = new Requests();
	async function find(request) {
		return new RequestSession(await findSession(request, config), config, request);
	}
	async function load(request) {
		assertRequest(request);
		const known = requests.get(request);
		if (known !== void 0) return known;
		const loading = find(request);
		requests.set(request, loading);
		return loading;
	}
	async function commit(session, response) {
		if (!(session instanceof RequestSession && session.isOf(config))) throw notOwnSession(session);
		assertResponse(response);
		const outcome = await session.settle();
		requests.delete(session.request);
		return withSession(response, {
			...outcome,
			name: cookies.session.name,
			varies: session.used
		});
	}
	return Object.freeze({
		load,
		commit,
		handle: (request, respond) => handle({
			load,
			commit
		}, request, respond),
		...revocationCalls(config)
	});
}
export { createSessionManager, memoryRevocationList };
