import type { ProbeTexts } from '../gateway-texts.ts'
import { GATEWAY_MESSAGES } from './gateway-messages.ts'

export const PROBE: ProbeTexts = {
  notice: 'A real request is sent through the gateway. Where it is served it may cost money.',
  served: 'served',
  failed: 'not served',
  noAnswer: 'no answer',
  code: 'code',
  message: 'message',
  rules: 'Rules to look at',
  causes: {
    ...GATEWAY_MESSAGES,
    served: { title: 'The request was served', advice: 'Nothing to do.' },
    'error-in-answer': {
      title: 'The answer is a success that holds an error',
      advice: 'The request was routed; what is behind the channel refused it.',
    },
    'unknown-path': {
      title: 'The gateway does not know this path',
      advice:
        'It answers unknown paths with its web page, or with 404. Check the path, and that the fork which has it is what runs.',
    },
    redirected: {
      title: 'The answer is a redirect, which is not followed',
      advice: 'Write the final address, usually with https.',
    },
    'bad-request': {
      title: 'The request was refused as malformed',
      advice: 'The path needs other fields than the probe sends, or names no model.',
    },
    forbidden: {
      title: 'The request is not allowed',
      advice: 'Group, limits, user or quota refuse it. The rules below tell which.',
    },
    'rate-limited': {
      title: 'Too many requests',
      advice: 'Wait and try again; this is no fault of the routing.',
    },
    'channel-disabled': {
      title: 'The channel is disabled',
      advice: 'Enable it when it works again.',
    },
    'upstream-unreachable': {
      title: 'The service behind the channel could not be reached',
      advice:
        'Routing works. Check base_url of the channel, and reach that address from where the gateway runs.',
    },
    'upstream-answer': {
      title: 'The service behind the channel failed',
      advice: 'Routing works. Look into the log of that service, and at base_url and type.',
    },
    'upstream-refused': {
      title: 'The service behind the channel refused the request',
      advice: 'Routing works. Check the key of the channel there, and what the path needs.',
    },
    database: {
      title: 'The gateway failed to ask its database',
      advice: 'Look at the connection, the pool, and whether the user of the token exists.',
    },
    'relay-failed': {
      title: 'A channel was found, and the request failed on the way',
      advice:
        'Missing routes give 503, not 500. Look at price, base URL, key and type of the channel, and into the log of the gateway.',
    },
    'bad-gateway': {
      title: 'Something before the gateway answered in its place',
      advice: 'A proxy or platform says that the gateway does not run or does not answer.',
    },
    unexpected: {
      title: 'The answer has a meaning of its own',
      advice: 'Look into the log of the gateway.',
    },
    refused: { title: 'Nothing listens there', advice: 'Check the address, and that it runs.' },
    unresolved: { title: 'The host name does not resolve', advice: 'Check the address.' },
    timeout: {
      title: 'No answer in time',
      advice: 'The gateway or what is behind it is slow; the request may still be served and cost.',
    },
    untrusted: {
      title: 'No trusted TLS connection',
      advice: 'Check the certificate, its name, and whether the port speaks TLS.',
    },
    broken: {
      title: 'The connection broke',
      advice: 'The gateway may have crashed: look at its log for panic.',
    },
  },
}
