import type { ProbeTexts } from '../gateway-texts.ts'
import { GATEWAY_MESSAGES } from './gateway-messages.ts'

export const PROBE: ProbeTexts = {
  notice: '将通过网关发送一个真实请求。请求成功时可能产生费用。',
  served: '成功',
  failed: '失败',
  noAnswer: '没有应答',
  code: '代码',
  message: '消息',
  rules: '需要查看的规则',
  causes: {
    ...GATEWAY_MESSAGES,
    served: { title: '请求成功', advice: '无需处理。' },
    'error-in-answer': {
      title: '应答状态成功，但内容是错误',
      advice: '请求已被路由；渠道后端的服务拒绝了它。',
    },
    'unknown-path': {
      title: '网关不认识该路径',
      advice: '对未知路径，网关返回网页或 404。请检查路径，以及运行的是否是支持该路径的分支版本。',
    },
    redirected: {
      title: '应答是重定向，不会跟随',
      advice: '请写最终地址，通常是 https。',
    },
    'bad-request': {
      title: '请求被视为格式错误',
      advice: '该路径需要探测请求之外的字段，或没有指定模型。',
    },
    forbidden: {
      title: '请求不被允许',
      advice: '被分组、限制、用户或额度拒绝。下面的规则可以说明是哪一个。',
    },
    'rate-limited': { title: '请求过多', advice: '请稍后再试；这不是路由的问题。' },
    'channel-disabled': { title: '渠道已被禁用', advice: '恢复正常后再启用。' },
    'upstream-unreachable': {
      title: '无法连接渠道后端的服务',
      advice: '路由正常。请检查渠道的 base_url，并在网关所在的机器上访问该地址。',
    },
    'upstream-answer': {
      title: '渠道后端的服务出错',
      advice: '路由正常。请查看该服务的日志，以及渠道的 base_url 和类型。',
    },
    'upstream-refused': {
      title: '渠道后端的服务拒绝了请求',
      advice: '路由正常。请检查渠道密钥在该服务是否有效，以及该路径需要什么。',
    },
    database: {
      title: '网关查询数据库失败',
      advice: '请查看连接、连接池，以及令牌的用户是否存在。',
    },
    'relay-failed': {
      title: '已找到渠道，但转发失败',
      advice:
        '没有路由时返回 503，不是 500。请查看渠道的价格、base URL、密钥和类型，以及网关的日志。',
    },
    'bad-gateway': {
      title: '网关前面的服务代替它应答',
      advice: '代理或平台表示网关没有运行或没有应答。',
    },
    unexpected: { title: '应答有其他含义', advice: '请查看网关的日志。' },
    refused: { title: '该地址没有服务监听', advice: '请检查地址，以及网关是否在运行。' },
    unresolved: { title: '主机名无法解析', advice: '请检查地址。' },
    timeout: {
      title: '没有及时应答',
      advice: '网关或其后端很慢；请求仍可能成功并产生费用。',
    },
    untrusted: {
      title: '没有可信的 TLS 连接',
      advice: '请检查证书、证书中的名称，以及该端口是否使用 TLS。',
    },
    broken: { title: '连接中断', advice: '网关可能已崩溃：请在日志中查找 panic。' },
  },
}
