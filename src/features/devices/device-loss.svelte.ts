import type { Device } from '#device/device.ts';
import type { LossState } from '#device/loss-watch.ts';

/** Whether this device was reported lost, for the screen that then stands in the place of all others. */
export class DeviceLoss {
  state = $state.raw<LossState>('none');

  /** Begins to ask; what others left here is handed in meanwhile. Apart from the shell, which waits for neither. */
  async watch(device: Device): Promise<void> {
    const [{ watchForLoss }, { watchHandIn }] = await Promise.all([
      import('#device/loss-watch.ts'),
      import('#device/hand-in-watch.ts'),
    ]);
    const watch = watchForLoss(device);
    this.state = watch.state;
    watch.onChange(() => (this.state = watch.state));
    watchHandIn(device);
  }
}
