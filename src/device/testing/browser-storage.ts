import 'fake-indexeddb/auto';

// PouchDB reads the browser's name where it tries blobs; Node 20 has no navigator.
if (!('navigator' in globalThis)) {
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'node' }, configurable: true });
}
