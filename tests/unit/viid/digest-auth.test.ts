import { expect, test } from 'vitest';
import { answerDigest } from '../../../hub/viid/digest-auth.ts';

const mufasa = {
  method: 'GET',
  uri: '/dir/index.html',
  username: 'Mufasa',
  password: 'Circle of Life',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
};
const common =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

test('answers the examples of RFC 7616, 3.9.1, and takes the stronger hash of two', () => {
  const md5 = answerDigest(`Digest ${common}, algorithm=MD5`, mufasa);
  expect(md5).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
  const both = answerDigest(`Digest ${common}, algorithm=MD5, Digest ${common}, algorithm=SHA-256`, mufasa);
  expect(both).toContain('response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"');
  expect(both).toContain('algorithm=SHA-256');
  expect(both).toContain('nc=00000001');
});

test('answers a server that knows no qop as RFC 2617, 3.2.2.1 says', () => {
  const answered = answerDigest('Digest realm="r", nonce="n"', { ...mufasa, uri: '/a', method: 'POST' });
  expect(answered).not.toContain('qop');
  expect(answered).not.toContain('algorithm');
  expect(answered).toMatch(/response="[0-9a-f]{32}"/);
});

test.each([
  'Basic realm="r"',
  'Digest realm="r"',
  'Digest realm="r", nonce="n", algorithm=MD5-sess',
  'Digest realm="r", nonce="n", qop="auth-int"',
  '',
])('does not answer %j: a password leaves in no other way', (challenge) => {
  expect(answerDigest(challenge, mufasa)).toBeUndefined();
});
