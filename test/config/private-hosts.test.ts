import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isLocalOrPrivate } from '../../src/config/private-hosts.ts'

const PRIVATE = [
  '/var/run/postgresql',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'db.localhost',
  'postgres',
  'my_db',
  'db-1',
  'postgres.railway.internal',
  'POSTGRES.Railway.Internal.',
  'nas.local',
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '10.255.255.255',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '::1',
  '0:0:0:0:0:0:0:1',
  '::ffff:10.0.0.1',
  '::FFFF:7f00:1',
  'fc00::1',
  'fd12:3456:789a::1',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
]

const PUBLIC = [
  '',
  '.',
  'db.example.com',
  'internal.example.com',
  'evil-internal.com',
  'railway.internal.example.com',
  '10.example.com',
  '10.0.0.1.example.com',
  '127.0.0.1.nip.io',
  '9.255.255.255',
  '11.0.0.0',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '8.8.8.8',
  // As resolvers read them: 8.8.8.8 three times, then octal 8.0.0.1.
  '134744072',
  '0x08080808',
  '0X08080808',
  '010.0.0.1',
  '10.1',
  '10.0.0.256',
  '2001:db8::1',
  '::ffff:8.8.8.8',
  'fbff::1',
  'fec0::1',
  'fe00::1',
  '::',
  ':::',
  'fc00::1::2',
  'fc00::zz',
  'not a host',
]

for (const host of PRIVATE) {
  test(`${JSON.stringify(host)} is private`, () => assert.equal(isLocalOrPrivate(host), true))
}

for (const host of PUBLIC) {
  test(`${JSON.stringify(host)} is public`, () => assert.equal(isLocalOrPrivate(host), false))
}
