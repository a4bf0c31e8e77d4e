import { describe, expect, it } from 'vitest';
import { handInShape, parseHandInVerdicts, readWireRow, writeWireRow, type SealedRow } from './hand-in.ts';

const row: SealedRow = {
  id: `register:2026-06:attendance:${'0'.repeat(32)}`,
  stream: 'register-s1-2026/register',
  sealed: Uint8Array.from({ length: 70_000 }, (_, i) => i % 256),
  wrap: {
    schoolCode: 'S1',
    keyId: '0123456789abcdef',
    ephemeral: Uint8Array.from({ length: 65 }, (_, i) => i),
    wrapped: Uint8Array.from({ length: 60 }, (_, i) => 255 - i),
  },
};

describe('a sealed row on the wire', () => {
  it('[DE140] arrives byte by byte, the longest too', () => {
    const wire = JSON.parse(JSON.stringify(writeWireRow(row))) as ReturnType<typeof writeWireRow>;
    expect(handInShape.safeParse({ device: 'd-1', rows: [wire] }).success).toBe(true);
    expect(readWireRow(wire)).toEqual(row);
  });

  it('[DE141] an answer that is none is no verdict', () => {
    expect(parseHandInVerdicts({ verdicts: [{ id: 'x', verdict: 'accepted' }] })).toEqual([
      { id: 'x', verdict: 'accepted' },
    ]);
    for (const wrong of [null, {}, '<html>', { verdicts: [{ id: 'x', verdict: 'perhaps' }] }]) {
      expect(parseHandInVerdicts(wrong)).toBeNull();
    }
  });
});
