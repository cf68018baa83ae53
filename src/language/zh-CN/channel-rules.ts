import type { ChannelRule, RuleTexts } from '../doctor-texts.ts'
import { ABILITY_RULES } from './ability-rules.ts'

type OtherRule = Exclude<ChannelRule, `A${string}`>

const OTHER_RULES: Record<OtherRule, RuleTexts> = {
  N1: {
    title: '连接数据库过慢',
    explanation:
      '新建 {samples} 次连接，从域名解析到 SELECT 1 返回，耗时的中位数为 {median} ms，其中最长的阶段 {part} 占 {partMs} ms（{parts}）。网关的连接池每次新建连接都要付出这段时间，请求因此等待甚至超时。',
    advice:
      '让网关与数据库位于同一区域或使用内网地址，并让连接保持更久（SQL_MAX_IDLE_CONNS、SQL_MAX_LIFETIME）。',
  },
  N2: {
    title: '连接池上限超过数据库服务器的连接数',
    explanation:
      '网关最多可打开 {maxOpen} 个连接，而服务器只给普通用户 {available} 个：max_connections 为 {serverMax}，其中保留 {reserved} 个。高负载时多出的连接会被拒绝，即使已找到渠道，请求也会失败。',
    advice:
      '调低 SQL_MAX_OPEN_CONNS，使所有网关节点的总和小于 {available}，或者调大服务器的 max_connections。',
  },
  N3: {
    title: '数据库服务器的连接即将用尽',
    explanation:
      '已用连接：{inUse}，可用上限：{available}（max_connections 为 {serverMax}，其中保留 {reserved} 个）。连接用尽后网关无法新建连接，请求会随机失败。',
    advice:
      '在 pg_stat_activity 中查看连接被谁占用，调低各节点的 SQL_MAX_OPEN_CONNS，或在中间加一层连接池代理。',
  },
  B1: {
    title: '缺少已声明的渠道',
    explanation:
      'seed 声明了以下渠道，数据库中却没有：{channels}。请求这些渠道的模型时找不到渠道，返回 503。',
    advice: '该命令会在一个事务内创建渠道及其 abilities。',
  },
  B2: {
    title: '已声明的渠道与声明不符',
    explanation: '已声明渠道的部分列与 seed 中的值不同：{changes}。网关按数据库中的实际值路由。',
    advice: '该命令会写入声明的值，并重建该渠道的 abilities。',
  },
  B3: {
    title: '无法确定哪一行是已声明的渠道',
    explanation:
      '以下已声明的渠道存在相似的记录，但类型编号不同，或不止一条：{channels}。在确定是哪一行之前不会写入任何内容，否则 seed 可能会多建一个渠道。',
    advice:
      '用 --adopt SEED=ID 指明哪一行是已声明的渠道，该行随后会按 seed 的声明更新，包括类型编号。如果数据库中的行是对的、seed 有误，请设置用于覆盖类型编号的环境变量。',
  },
  C1: {
    title: '该分组下没有启用的渠道提供此模型',
    explanation:
      '网关要找一个启用的渠道，其分组列表和模型列表分别包含完全相同的分组名和模型名，但一个也没有。调用方收到 503：无可用渠道。',
    advice:
      '把模型和分组加到某个渠道，启用证据中列出的某个渠道，或在 seed 中声明该渠道。该选哪一种，只有您能决定。',
  },
  C2: {
    title: '模型列表或分组列表含有多余字符',
    explanation:
      '网关按半角逗号拆分模型和分组，且不去除空白。因此空格、空元素、首尾的逗号或全角逗号都会产生没有请求会用到的名字。渠道数：{count}。',
    advice: '该命令会在一个事务内清理列表，并据此重建 abilities。',
  },
  C3: {
    title: '渠道没有可用的密钥',
    explanation:
      '渠道会被选中，但请求随后失败：密钥为空，或多密钥渠道的所有密钥都已停用。调用方收到上游的 401，或收到 500。渠道数：{count}。',
    advice: '填写有效的密钥。已声明的渠道由 seed 从密钥变量写入，其他渠道请在管理后台填写。',
  },
  C13: {
    title: '渠道的密钥仍是占位符',
    explanation:
      '写入该渠道时没有带上密钥（密钥从不离开另一个数据库），密钥处是占位符。渠道会被选中，但提供方会拒绝它的每个请求。渠道数：{count}。',
    advice:
      '把命令中的环境变量设为相应的密钥后运行该命令，或在管理后台填写密钥。已声明的渠道由 seed 从密钥变量写入。',
  },
  C4: {
    title: '渠道没有 base URL',
    explanation:
      'base_url 为 NULL 时不会被替换；为空字符串时使用该类型内置的地址，但并非每种类型都有。渠道会被选中，但请求没有可发往的主机：调用方收到 500。渠道数：{count}。',
    advice: '填写上游的 base URL。已声明的渠道由 seed 写入，其他渠道请在管理后台填写。',
  },
  C5: {
    title: '网关无法加载 channel_info',
    explanation:
      '网关以字节形式读取 channel_info 中的 JSON；在 SQLite 中，以文本形式存储的值或空值会导致整行加载失败。关闭内存缓存时，选中该渠道的每个请求都返回 503；开启时，channel_info 之后的列会丢失。渠道数：{count}。',
    advice:
      '以字节形式重新写入该值；单密钥渠道也可设为 NULL。这些语句会保留有效的 JSON 并清空其余内容。仅给出前几行的语句，其余行照此处理。',
  },
  C6: {
    title: '渠道的设置不是有效的 JSON',
    explanation:
      'model_mapping 或 status_code_mapping 无效时，用到它的请求会失败。setting 或 settings 无效时，网关会清空该列并保存整行，从而覆盖其间的修改。渠道数：{count}。',
    advice: '在管理后台修正所列各列的 JSON。',
  },
  C7: {
    title: '渠道被网关自动禁用',
    explanation:
      '请求失败（如 401）后，网关把渠道状态设为 3 并停用其能力记录。重新启用之前，该渠道不再接收请求。渠道数：{count}。',
    advice:
      '请先消除原因（见禁用原因，如密钥过期或余额不足），再用该命令启用渠道及其能力记录；否则网关会再次将其禁用。',
  },
  C8: {
    title: '权重为 0 的渠道分不到请求',
    explanation:
      '开启内存缓存时，同一优先级中若有其他渠道设置了权重，权重为 0 的渠道在首次选择时永远不会被选中。渠道数：{count}。',
    advice: '如果该渠道应分担请求，请设置权重；如果只作备用，请调低其优先级。',
  },
  C9: {
    title: '低优先级渠道只在重试时使用',
    explanation:
      '网关只在最高优先级的渠道中选择，其余渠道仅在重试时才会收到请求。渠道数：{count}。',
    advice: '如果该渠道是备用渠道则无需处理，否则请调高其优先级。',
  },
  C10: {
    title: '渠道类型编号的含义不符',
    explanation:
      '类型编号取决于网关的版本。以下编号在该版本中未知，或与 seed 所指的类型不同：{types}。对未知类型，网关按 OpenAI 发送请求；对其他类型，请求会交给错误的适配器。',
    advice:
      '把所列环境变量设为该网关中此类型的编号，再重新应用 seed。其他渠道的类型请在管理后台修正。',
  },
  C11: {
    title: '渠道的值类型错误',
    explanation:
      '网关无法按列的类型读取这些值：数字列中存了文本，或权重为负数。该行加载失败，管理后台的渠道列表到此中断，选中该渠道的请求返回 503。渠道数：{count}。',
    advice: '请写入数字。语句会把负数权重设为 0；其他列的正确值只有您知道。',
  },
  C12: {
    title: '值无法写入 PostgreSQL',
    explanation:
      'SQLite 会保存超出列长度的文本、NUL 字符和非 UTF-8 字节，PostgreSQL 则拒绝。网关在此处正常，但同一行无法写入生产库。值的个数：{count}。',
    advice: '在迁移或同步数据库之前，缩短或清理这些值。',
  },
  S1: {
    title: '序列落后于表中的 id',
    explanation:
      '有记录是带着指定的 id 插入的，而序列没有随之前移。网关下次新建记录时会得到已被占用的 id，并因主键重复而失败。表：{tables}。',
    advice: '该命令会把序列移到最大 id 之后，不修改任何记录。',
  },
  K1: {
    title: '网关可能尚未加载最近的修改',
    explanation:
      '开启内存缓存时，网关每 {seconds} 秒重新读取一次渠道和 abilities。最近的修改距今不足这一时间，网关可能仍按先前加载的内容路由。',
    advice: '修改后等待这段时间，或重启网关，或通过管理 API 重建 abilities（会重新加载缓存）。',
  },
}

export const CHANNEL_RULES: Record<ChannelRule, RuleTexts> = { ...OTHER_RULES, ...ABILITY_RULES }
