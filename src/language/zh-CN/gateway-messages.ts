import type { MessageTexts } from '../gateway-texts.ts'

export const GATEWAY_MESSAGES: MessageTexts = {
  'no-channel': {
    title: '该分组和模型没有可用渠道',
    advice: '路由没有找到任何渠道。下面的规则指出缺少或不匹配的行。',
  },
  'get-channel-failed': {
    title: '无法加载渠道',
    advice: '已选中渠道，但读取失败：渠道已不存在、channel_info 无法读取，或缓存比数据库旧。',
  },
  inconsistent: {
    title: '网关引用了不存在的渠道',
    advice: '删除没有渠道的 abilities 行，然后让网关重新加载缓存。',
  },
  'no-key': {
    title: '渠道没有可用的密钥',
    advice: '设置渠道的密钥，或启用其中一个密钥。',
  },
  'invalid-base-url': {
    title: '渠道没有可用的 base URL',
    advice: '把渠道的 base_url 设为其后端服务的地址。',
  },
  unpriced: {
    title: '模型没有价格',
    advice: '为它设置 ModelPrice 或 ModelRatio；较新的版本会拒绝没有价格的模型。',
  },
  'group-denied': {
    title: '用户不能使用令牌的分组',
    advice: '把该分组加入 UserUsableGroups，或修改令牌的分组。',
  },
  'group-retired': {
    title: '令牌的分组没有倍率',
    advice: '把该分组加入 GroupRatio，或修改令牌的分组。',
  },
  'model-denied': {
    title: '令牌不能使用该模型',
    advice: '把完整的模型名加入令牌的模型限制，或关闭该限制。',
  },
  'ip-denied': {
    title: '令牌不能从该地址使用',
    advice: '把该地址加入令牌的 allow_ips；较旧的版本不支持网段。',
  },
  'user-banned': {
    title: '令牌的用户已被禁用',
    advice: '启用该用户，或使用其他用户的令牌。',
  },
  'user-quota': { title: '用户额度不足', advice: '增加用户的额度。' },
  'token-quota': { title: '令牌额度不足', advice: '增加令牌的额度，或设为无限额度。' },
  token: {
    title: '网关不接受该令牌',
    advice: '令牌不在数据库中、被禁用、已过期或额度用尽。密钥保存时不带 sk-，也不含连字符。',
  },
}
