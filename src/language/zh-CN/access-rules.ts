import type { AccessRule, RuleTexts } from '../doctor-texts.ts'

export const ACCESS_RULES: Record<AccessRule, RuleTexts> = {
  T1: {
    title: '网关按密钥查不到令牌',
    explanation:
      '调用方会收到 401。网关会去掉请求密钥开头的 sk-，再用第一个连字符之前的部分去查库，因此库中的密钥若带有 sk-、含连字符、首尾有空白或不足三个字符，就永远查不到；令牌不存在或已被删除也是如此。密钥格式不合要求的令牌数：{tokens}。',
    advice:
      '新建令牌并发放新的密钥，或者按不带 sk-、不含连字符的形式保存密钥。此处不会显示密钥内容。',
  },
  T2: {
    title: '令牌未启用',
    explanation:
      '调用方会收到 401：网关只接受状态 1。2 表示被人工禁用，3 表示已过期，4 表示额度已用尽。令牌数：{tokens}。',
    advice:
      '运行时指定了令牌或用户，就会给出启用令牌的语句。状态为 3 或 4 时还要延长有效期或提高额度，否则网关会再次改写状态。语句只列出前五条，其余的行照此处理。',
  },
  T3: {
    title: '令牌已过期',
    explanation:
      '调用方会收到 401：expired_time 既不是 -1，也不是将来的时间；0 同样视为已过期。令牌数：{tokens}。',
    advice:
      '运行时指定了令牌或用户，就会给出让令牌永不过期的语句；若要设定期限，请把 -1 换成以秒为单位的 Unix 时间戳。语句只列出前五条，其余的行照此处理。',
  },
  T4: {
    title: '令牌额度已用尽',
    explanation:
      '调用方会收到 401：未开启 unlimited_quota，且 remain_quota 不大于 0。令牌数：{tokens}。',
    advice:
      '提高 remain_quota 或开启 unlimited_quota；状态为 4 的还要改回 1。给多少额度由令牌的所有者决定。',
  },
  T5: {
    title: '令牌限制了来源 IP',
    explanation:
      '无论路由是否正常，来自其他地址的请求都会收到 403。令牌数：{tokens}。当前版本的网关会忽略的 CIDR 网段数：{ranges}；如果列表里只有这类网段，限制就形同虚设。',
    advice: '确认网关看到的调用方地址（经过各级代理之后）在列表之内。',
  },
  T6: {
    title: '令牌无权使用该模型',
    explanation:
      '调用方会收到 403：令牌只能使用列表中的模型，名称必须完全一致，列表为空则什么模型都不能用。令牌数：{tokens}。列表中缺少的模型：{models}。',
    advice:
      '运行时指定了令牌或用户，就会给出把缺少的模型加入列表的语句。语句只列出前五条，其余的行照此处理。',
  },
  T7: {
    title: '令牌的模型列表格式有误',
    explanation:
      '网关按逗号切分列表，不做任何去空白处理：首尾带空白或含全角逗号的元素匹配不到任何模型，对应的请求会收到 403。令牌数：{tokens}。',
    advice: '语句会保存同样的模型，只是去掉空白和空元素。语句只列出前五条，其余的行照此处理。',
  },
  U1: {
    title: '令牌的用户不存在或已被禁用',
    explanation:
      '用户不存在或已被删除时，请求会收到 500；用户被禁用时，请求会收到 403。没有用户的令牌数：{missing}。被禁用的用户数：{disabled}。',
    advice:
      '语句会启用被禁用的用户。没有用户的令牌只能由现有用户重新创建。语句只列出前五条，其余的行照此处理。',
  },
  U2: {
    title: '用户额度已用尽',
    explanation:
      '请求在预扣费时会收到 403（insufficient_user_quota），即使令牌是无限额度也一样。用户数：{users}。',
    advice: '提高用户的额度。给多少额度由运营者决定。',
  },
  G1: {
    title: '未设分组的令牌使用其用户的分组',
    explanation:
      '令牌分组为空并不是错误：网关会按用户的分组来路由这些请求。令牌数：{tokens}。实际生效的分组：{groups}。',
    advice: '如果这正是预期的分组，无需处理。给令牌单独设置分组即可覆盖它。',
  },
  G2: {
    title: '实际生效的分组为空',
    explanation:
      '令牌没有分组，它的用户也没有分组，因此找不到任何渠道，调用方会收到 503。用户数：{users}。',
    advice:
      '语句会把用户放入 default 分组；如果应属于其他分组，请自行替换。语句只列出前五条，其余的行照此处理。',
  },
  G3: {
    title: '用户无权使用令牌的分组',
    explanation:
      '调用方会收到 403。令牌的分组必须在选项 UserUsableGroups 中，或者就是用户自己的分组，或者对该用户分组单独开放；名称必须完全一致。令牌数：{tokens}。分组：{groups}。',
    advice:
      '如果确实要用这个分组，请通过种子的合并（tidegate seed apply）或在管理页面把它加入 UserUsableGroups。语句则是让令牌改用其用户的分组。语句只列出前五条，其余的行照此处理。',
  },
  G4: {
    title: '令牌的分组没有倍率',
    explanation:
      '调用方会收到 403：令牌的分组不在选项 GroupRatio 中，网关会视其为已弃用。令牌数：{tokens}。分组：{groups}。',
    advice:
      '如果确实要用这个分组，请通过种子的合并（tidegate seed apply）或在管理页面把它加入 GroupRatio。语句则是让令牌改用其用户的分组。语句只列出前五条，其余的行照此处理。',
  },
  G5: {
    title: 'auto 分组找不到能提供该模型的分组',
    explanation:
      '调用方会收到 503。令牌分组为 auto 时，网关会依次尝试选项 AutoGroups 中用户有权使用的分组；这样的分组一个也没有，或者都没有该模型。令牌数：{tokens}。会尝试的分组：{groups}。模型：{models}。',
    advice: '把有该模型的分组加入 AutoGroups 和 UserUsableGroups，或者给令牌设置一个具体的分组。',
  },
  G6: {
    title: '用户的分组没有倍率',
    explanation:
      '请求能够正常路由，但会按倍率 1 计费，并且网关每次都会记录一条错误日志。分组：{groups}。',
    advice: '通过种子的合并（tidegate seed apply）或在管理页面把该分组加入选项 GroupRatio。',
  },
  P1: {
    title: '模型没有价格',
    explanation:
      '选项 ModelPrice 和 ModelRatio 中都没有该模型。较新的网关会以 400 拒绝它的所有请求；2026-03 之前的版本虽然已选到渠道，聊天和图像请求仍会收到 500，任务类请求（视频、音乐）则按默认价格计费。当前版本返回的状态码：{status}。模型：{models}。',
    advice:
      '通过种子 options 中的合并（tidegate seed apply）或在管理页面把模型加入 ModelPrice 或 ModelRatio。直接用 SQL 改写该选项会覆盖其余所有价格。',
  },
  O1: {
    title: '选项中的 JSON 无效',
    explanation:
      '网关在解析之前会先清空对应的映射，于是该选项中的所有分组或价格都会丢失：请求会收到 403，或者模型被视为没有价格。选项：{options}。',
    advice: '从备份或在管理页面恢复该选项的 JSON。删除该行要等网关重启后才会恢复内置值。',
  },
}
