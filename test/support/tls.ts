import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import type { PostgresTarget } from '../../src/database/contract.ts'
import { startFakeServer } from './fake-server.ts'

export interface TlsFront {
  readonly port: number
  /** PEM file of the authority, which is the certificate itself. */
  readonly certificate: string
  readonly close: () => Promise<void>
}

/** Whether there is an openssl to make a certificate with. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const SSL_REQUEST = 80_877_103

/** Offers TLS in front of a server without it, with a self-signed certificate for `localhost`. */
export async function startTlsFront(target: PostgresTarget): Promise<TlsFront> {
  const { certificate, key, drop } = await makeCertificate()
  const secrets = { cert: readFileSync(certificate), key: readFileSync(key) }
  const server = await startFakeServer((socket) => {
    const upstream = connect(target.port, target.host).on('error', () => undefined)
    upstream.on('close', () => socket.destroy())
    socket.on('close', () => upstream.destroy())
    socket.once('data', (first: Buffer) => {
      const isTls = first.readUInt32BE(4) === SSL_REQUEST
      const client = isTls ? secure(socket, secrets) : socket
      if (!isTls) upstream.write(first)
      client.pipe(upstream).pipe(client)
    })
  })
  const close = async () => {
    await server.close()
    await drop()
  }
  return { port: server.port, certificate, close }
}

function secure(socket: Socket, secrets: { cert: Buffer; key: Buffer }): TLSSocket {
  socket.write('S')
  return new TLSSocket(socket, { isServer: true, ...secrets }).on('error', () => socket.destroy())
}

/** Files in a folder of their own, which `drop` removes. */
export async function makeCertificate() {
  const folder = await mkdtemp(join(tmpdir(), 'tidegate-tls-'))
  const certificate = join(folder, 'certificate.pem')
  const key = join(folder, 'key.pem')
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const files = ['-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...subject, ...files], {
    stdio: 'ignore',
  })
  return { certificate, key, drop: () => rm(folder, { recursive: true, force: true }) }
}
