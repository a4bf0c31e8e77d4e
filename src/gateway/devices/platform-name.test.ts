import { describe, expect, it } from 'vitest';
import { platformName } from './platform-name.ts';

describe('the kind of a device', () => {
  it.each([
    [
      'Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 Chrome/126.0 Safari/537.36',
      'Android / Chrome',
    ],
    ['Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1', 'iOS / Safari'],
    ['Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/126.0 Safari/537.36', 'ChromeOS / Chrome'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/126.0 Safari/537.36 Edg/126.0', 'Windows / Edge'],
    ['Mozilla/5.0 (Windows NT 10.0; rv:127.0) Gecko/20100101 Firefox/127.0', 'Windows / Firefox'],
    ['<script>alert(1)</script> 雨野 児童1', ''],
    [`${'x'.repeat(10_000)} Android`, ''],
    ['', ''],
  ])('is said in words of its own: %s', (userAgent, expected) => {
    expect(platformName(userAgent)).toBe(expected);
  });

  it('is unknown where nothing is said', () => {
    expect(platformName(null)).toBe('');
  });
});
