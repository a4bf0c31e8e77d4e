import './browser-storage.ts';

/** What fake-indexeddb knows of a transaction beyond the standard. */
interface FakeTransaction extends IDBTransaction {
  readonly _rollbackLog: readonly unknown[];
  _abort(errorName: string): void;
}

/**
 * From now on every transaction that wrote something fails at its end, as browsers let it where there is no room.
 * Gives how to make room again.
 */
export function fillDisk(): () => void {
  const prototype = IDBTransaction.prototype;
  const { dispatchEvent } = prototype;
  prototype.dispatchEvent = function (this: FakeTransaction, event: Event): boolean {
    const writes = this.mode === 'readwrite' && this._rollbackLog.length > 0;
    if (event.type !== 'complete' || !writes) return dispatchEvent.call(this, event);
    this._abort('QuotaExceededError');
    return true;
  };
  return () => {
    prototype.dispatchEvent = dispatchEvent;
  };
}
