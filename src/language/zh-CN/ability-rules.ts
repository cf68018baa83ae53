import type { ChannelRule, RuleTexts } from '../doctor-texts.ts'

export const ABILITY_RULES: Record<Extract<ChannelRule, `A${string}`>, RuleTexts> = {
  A1: {
    title: '该分组和模型没有启用的能力记录',
    explanation:
      '关闭内存缓存时，网关只看 abilities 表：这个分组和模型没有任何启用的记录，无论渠道表里怎么写都不起作用。调用方收到 503：无可用渠道。',
    advice:
      '如果已有启用的渠道包含该模型和分组，按渠道重建 abilities 即可；否则请把模型和分组加到某个渠道，或在 seed 中声明一个渠道。',
  },
  A2: {
    title: '能力记录没有优先级',
    explanation:
      '关闭内存缓存时，网关只取优先级等于最大值的记录。这里所有启用的记录优先级都是 NULL，与任何值都不相等，因此一条也选不到：返回 503。',
    advice: '该命令会重建 abilities，优先级取自所属渠道。',
  },
  A3: {
    title: '能力记录指向不存在的渠道',
    explanation:
      '关闭内存缓存时，网关先选中一条能力记录，再加载对应的渠道。以下渠道 id 并不存在，选中它们的请求会收到 503；如果还有其他渠道提供该模型，则只有部分请求失败。渠道 id：{channels}。',
    advice: '该命令会删除不属于任何渠道的能力记录。',
  },
  A4: {
    title: '能力记录与渠道状态不一致',
    explanation:
      '渠道已禁用而能力记录仍启用，或者相反。关闭内存缓存时，已禁用的渠道仍会被使用，或已启用的渠道选不到；开启内存缓存时行为又不同。记录数：{rows}。',
    advice: '该命令会按渠道状态更新能力记录的启用标志。',
  },
  A5: {
    title: '能力记录与渠道不符',
    explanation:
      '渠道的每个“分组 × 模型”组合都应有一条能力记录，其优先级、权重和标签与渠道相同。缺少：{missing}，不一致：{different}，多余：{leftOver}。关闭内存缓存时，网关按这些记录路由。',
    advice: '该命令会在一个事务内按渠道重建 abilities。',
  },
  A6: {
    title: '网关即将崩溃：渠道的分组不在任何能力记录中',
    explanation:
      '开启内存缓存时，网关把每个启用的渠道归入其分组，而它只认识 abilities 中出现过的分组。以下分组没有任何记录：{groups}。下一次刷新缓存时整个进程会退出（向 nil map 赋值），重启之后的每次刷新仍会如此。',
    advice:
      '该命令会在一个事务内清理这些渠道的列表并重建其能力记录。在此之前，禁用该渠道比保持启用更安全。',
  },
  A7: {
    title: '能力记录的启用标志网关无法识别',
    explanation:
      'SQLite 中 enabled 列存的是 {value}，而不是 1 或 0。关闭内存缓存时，网关按 enabled = 1 查询，查不到这些记录。记录数：{rows}。',
    advice: '该命令会按渠道状态把启用标志写成数字。',
  },
}
