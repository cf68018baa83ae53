import type { CheckId } from '../../doctor/diagnosis.ts'

type Answers = Readonly<Record<'title' | 'ok' | 'failed' | 'info', string>>

export const CHECK_TEXTS: Record<CheckId, Answers> = {
  channels: {
    title: '是否有该类型的启用渠道？',
    ok: '类型 {type}（{meaning}）的启用渠道数：{enabled}。',
    failed: '没有启用的类型 {type}（{meaning}）渠道。',
    info: '没有 seed 声明渠道。所有类型的启用渠道数：{enabled}。',
  },
  status: {
    title: '状态是否为 1？',
    ok: '渠道 {id} 已启用。',
    failed: '渠道 {id} 的状态为 {status}：2 表示管理员手动禁用，3 表示网关自动禁用。',
    info: '没有可供检查状态的记录。',
  },
  'base-url': {
    title: '是否设置了 base_url？',
    ok: 'base_url 为 {baseUrl}，适用于类型 {type}。',
    failed: 'base_url 为 {baseUrl}，而类型 {type} 没有可替代的内置地址。',
    info: '没有可供检查 base_url 的记录。',
  },
  key: {
    title: '是否设置了密钥？',
    ok: '已设置密钥。',
    failed: '密钥为空或仍是占位符，或该渠道的所有密钥都已停用。',
    info: '没有可供检查密钥的记录。',
  },
  models: {
    title: '模型列表是否完整？',
    ok: '声明的模型均已列出：{models}。',
    failed: '按网关的读法，缺少：{missing}。声明的模型：{models}。',
    info: '没有可供检查模型列表的记录。',
  },
  connection: {
    title: '连接数据库是否够快？',
    ok: '新建 {samples} 次连接，耗时中位数：{median} ms（{parts}）。',
    failed: '新建 {samples} 次连接，耗时中位数：{median} ms（{parts}），超过 {limit} ms 即为过慢。',
    info: '未测量连接耗时。',
  },
  pool: {
    title: '连接池设置与服务器是否匹配？',
    ok: 'SQL_MAX_OPEN_CONNS 为 {maxOpen}，SQL_MAX_IDLE_CONNS 为 {maxIdle}，SQL_MAX_LIFETIME 为 {lifetime} 秒。服务器可用连接数：{available}（max_connections 为 {serverMax}），已用：{inUse}。',
    failed:
      'SQL_MAX_OPEN_CONNS 为 {maxOpen}，SQL_MAX_IDLE_CONNS 为 {maxIdle}，SQL_MAX_LIFETIME 为 {lifetime} 秒，与服务器不匹配。服务器可用连接数：{available}（max_connections 为 {serverMax}），已用：{inUse}。',
    info: '数据库是文件，没有连接数限制。',
  },
  reload: {
    title: '修改后网关是否需要重新加载？',
    ok: '不需要：内存缓存已关闭，下一个请求即使用修改后的渠道。',
    failed: '需要：必须重启运行中的网关，修改才会生效。',
    info: '开启内存缓存时，修改在 {seconds} 秒内生效，重启后立即生效；关闭时下一个请求即生效。',
  },
}
