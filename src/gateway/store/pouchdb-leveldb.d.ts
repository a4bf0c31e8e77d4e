declare module 'leveldown' {
  type Callback<T = void> = (error: Error | null, value?: T) => void;
  type Range = string | Buffer;

  /** The part of leveldown 6 that is used here. */
  export interface LevelDown {
    open(options: object, callback: Callback): void;
    close(callback: Callback): void;
    compactRange(start: Range, end: Range, callback: Callback): void;
    _close(callback: Callback): void;
    _put(key: unknown, value: unknown, options: object, callback: Callback): void;
    _del(key: unknown, options: object, callback: Callback): void;
    _batch(operations: unknown[], options: object, callback: Callback): void;
  }

  interface LevelDownConstructor {
    (location: string): LevelDown;
    destroy(location: string, callback: Callback): void;
  }

  const leveldown: LevelDownConstructor;
  export default leveldown;
}

declare module 'pouchdb-adapter-leveldb-core' {
  import type { LevelDown } from 'leveldown';

  interface Options {
    readonly name: string;
    /** Called without `new`, with the folder. Its function name is the key of a process-wide cache of folders. */
    readonly db: (location: string) => LevelDown;
  }

  function LevelPouch(this: unknown, options: Options, callback: (error: Error | null) => void): void;
  export default LevelPouch;
}
