// Google's services, imitated: runs a script twice, with the server away at first, and prints what was posted.
const crypto = require('crypto');
const vm = require('vm');
const { script, settings, response, statuses, from, later } = JSON.parse(require('fs').readFileSync(0, 'utf8'));

const signed = (buffer) => Array.from(buffer, (byte) => (byte << 24) >> 24); // Google's bytes go from -128 to 127
const buffer = (bytes) => Buffer.from(bytes.map((byte) => byte & 255));
const posts = [];
const triggers = [];
const properties = { ...settings };
let now = from;
class Clock extends Date {
  static now() {
    return now;
  }
}
const item = (one) => ({ getItem: () => ({ getId: () => one.id, getTitle: () => one.title, getType: () => one.type }), getResponse: () => one.value });
const made = { getId: () => response.id, getTimestamp: () => new Date(response.timestamp), getItemResponses: () => response.items.map(item) };
const trigger = (name) => {
  const builder = new Proxy({}, { get: (_, step) => () => (step === 'create' ? triggers.push(name) : builder) });
  return builder;
};
const google = {
  Date: Clock,
  FormApp: { getActiveForm: () => ({ getId: () => 'FORM', getResponse: (id) => (id === response.id ? made : missing()) }) },
  LockService: { getScriptLock: () => ({ tryLock: () => true, releaseLock: () => {} }) },
  PropertiesService: {
    getScriptProperties: () => ({
      getProperties: () => ({ ...properties }),
      getProperty: (name) => properties[name] ?? null,
      setProperty: (name, value) => (properties[name] = value),
      deleteProperty: (name) => delete properties[name],
    }),
  },
  ScriptApp: { getProjectTriggers: () => [], deleteTrigger: () => {}, newTrigger: trigger },
  UrlFetchApp: {
    fetch: (url, options) => {
      const status = statuses[posts.length];
      posts.push({ url, ...options });
      if (status === null) throw new Error('no connection');
      return { getResponseCode: () => status };
    },
  },
  Utilities: {
    base64Decode: (text) => signed(Buffer.from(text, 'base64')),
    base64Encode: (bytes) => buffer(bytes).toString('base64'),
    computeHmacSha256Signature: (text, key) => signed(crypto.createHmac('sha256', buffer(key)).update(buffer(text)).digest()),
    newBlob: (text) => ({ getBytes: () => signed(Buffer.from(text, 'utf8')) }),
  },
};
function missing() {
  throw new Error('no such response');
}
const waiting = () => Object.keys(properties).filter((name) => name.startsWith('waiting:')).length;

vm.createContext(google);
vm.runInContext(script, google);
google.install();
google.onResponse({ response: made });
const left = [waiting()];
let complaint = null;
for (const at of later) {
  now = at;
  try {
    google.sendWaiting();
  } catch (error) {
    complaint = error.message;
  }
  left.push(waiting());
}
console.log(JSON.stringify({ posts, left, triggers, complaint, properties }));
