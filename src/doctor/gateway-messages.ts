/** What gateways say, in answers and in logs, that names one cause. */
export type MessageCause =
  | 'no-channel'
  | 'get-channel-failed'
  | 'inconsistent'
  | 'no-key'
  | 'invalid-base-url'
  | 'unpriced'
  | 'group-denied'
  | 'group-retired'
  | 'model-denied'
  | 'ip-denied'
  | 'user-banned'
  | 'user-quota'
  | 'token-quota'
  | 'token'

interface Sentence {
  readonly cause: MessageCause
  readonly pattern: RegExp
}

/**
 * Whole phrases of the gateways' sources, never single words: a channel may be called `database`.
 * The first that fits counts. Those in which the gateway quotes what a caller sent stand before the
 * others, so that a model called like a later phrase changes nothing. Names in between are bounded,
 * which keeps the time in proportion to the text.
 */
const SENTENCES: readonly Sentence[] = [
  {
    cause: 'inconsistent',
    pattern: /数据库一致性(?:错误|已被破坏)|渠道# ?\d{1,19}[ ，]{1,2}已?不存在/,
  },
  {
    cause: 'no-channel',
    pattern:
      /无可用渠道|的可用渠道不存在|no available channel for model|可用渠道失败（distributor）/i,
  },
  {
    cause: 'get-channel-failed',
    pattern:
      /获取渠道失败|可用渠道失败|failed to get (?:available )?channel\b|\bget_channel_failed\b/i,
  },
  {
    cause: 'unpriced',
    pattern:
      /\bmodel_price_error\b|倍率或价格未配置|价格未配置|ratio or price not set|price not configured|has not been priced/i,
  },
  { cause: 'no-key', pattern: /\bno enabled keys\b|\bno_available_key\b/i },
  { cause: 'invalid-base-url', pattern: /\binvalid_base_url\b/ },
  {
    cause: 'group-denied',
    pattern: /无权访问 .{1,64} 分组|无权访问该分组|no permission to access this group/i,
  },
  {
    cause: 'group-retired',
    pattern: /分组 .{1,64} 已被弃用|group .{1,64} (?:is|has been) deprecated/i,
  },
  {
    cause: 'model-denied',
    pattern: /该令牌无权(?:访问|使用)|token has no access to|no permission to access model/i,
  },
  { cause: 'ip-denied', pattern: /IP 不在令牌允许访问的列表中/ },
  { cause: 'user-banned', pattern: /用户已被封禁|user has been banned/i },
  {
    cause: 'user-quota',
    pattern:
      /\binsufficient_user_quota\b|\bquota_not_enough\b|用户额度不足|预扣费额度失败, 用户剩余额度|user quota is not enough/i,
  },
  {
    cause: 'token-quota',
    pattern:
      /\bpre_consume_token_quota_failed\b|令牌(?:总)?额度(?:不足|已用尽)|token quota is not enough/i,
  },
  {
    cause: 'token',
    pattern:
      /无效的令牌|未提供令牌|该令牌(?:已过期|状态不可用)|invalid token\b|failed to get token:/i,
  },
]

/** The cause that a text names; null when it names none. */
export function causeOfMessage(text: string): MessageCause | null {
  return SENTENCES.find(({ pattern }) => pattern.test(text))?.cause ?? null
}
