import { FailingStore } from '../../src/gateway/testing/failing-store.ts';
import { describeHostileClient } from './hostile-client.ts';

describeHostileClient('the store in memory', async () => new FailingStore());
