import { FailingStore } from '../../src/gateway/testing/failing-store.ts';
import { describeGatewayOnStore } from './gateway-on-store.ts';
import { describeHostileClient } from './hostile-client.ts';

describeHostileClient('the store in memory', async () => new FailingStore());
describeGatewayOnStore('the store in memory', async () => new FailingStore());
