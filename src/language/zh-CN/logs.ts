import type { LogTexts } from '../gateway-texts.ts'
import { GATEWAY_MESSAGES } from './gateway-messages.ts'

export const LOGS: LogTexts = {
  lines: '读取的行数',
  nothing: '没有任何一行指出已知原因。',
  span: '从 {first} 到 {last}（网关的时区）',
  example: '示例',
  pairs: '分组 / 模型',
  rules: '需要查看的规则',
  causes: {
    ...GATEWAY_MESSAGES,
    'nil-map': {
      title: '进程已退出：渠道使用了没有任何 ability 的分组',
      advice: '在再次启动之前，修复渠道的分组列表，或补上它的 abilities。',
    },
    panic: { title: '程序发生 panic', advice: '日志中随后的行说明发生的位置。' },
    'database-full': {
      title: '数据库服务器没有空闲连接',
      advice: '减小 SQL_MAX_OPEN_CONNS，或增大服务器的 max_connections。',
    },
    'database-locked': {
      title: 'SQLite 文件被锁定',
      advice: '另一个进程正占用它，例如长事务或复制文件。',
    },
    'database-lost': {
      title: '数据库连接失败',
      advice: '请检查 SQL_DSN、网络和服务器；SQL_MAX_LIFETIME 应小于服务器的空闲时限。',
    },
    'database-rows': {
      title: '网关无法读取某一行',
      advice: '某个值不符合列的类型；SQLite 仍会保存这样的值。',
    },
    'database-schema': {
      title: '表或列缺失，或正被使用',
      advice: '请运行迁移，并且不要在网关的表上建立视图。',
    },
    'upstream-unreachable': {
      title: '无法连接某个服务',
      advice: '通常是渠道后端：请在网关所在的机器上检查 base_url。',
    },
    'channel-disabled': {
      title: '网关自动禁用了渠道',
      advice: '它的请求失败了；恢复正常后再启用。',
    },
    'slow-sql': { title: '语句执行缓慢', advice: '请查看连接所需的时间。' },
    'answered-500': {
      title: '以 500 应答的请求',
      advice: '已找到渠道，但转发失败。设置 DEBUG=true 可得到更多信息。',
    },
    'answered-503': { title: '以 503 应答的请求', advice: '通常是没有找到渠道。' },
    synced: {
      title: '已从数据库加载缓存',
      advice: '最后一次之前的修改已经可见。这不是故障。',
    },
  },
}
