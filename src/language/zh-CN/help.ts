/** What the help says, by its English text. */
export const help: Readonly<Record<string, string>> = {
  // The program itself.
  'Keeps the database of an LLM gateway as it is declared.': '让 LLM 网关的数据库与声明保持一致。',
  'Exit codes: 0 done, 1 error, 2 found something, 75 lock busy. Connections come from SQL_DSN, SQLITE_PATH or DATABASE_URL, never from arguments.':
    '退出码：0 完成，1 出错，2 有所发现，75 锁被占用。连接信息来自 SQL_DSN、SQLITE_PATH 或 DATABASE_URL，绝不来自命令行参数。',
  'print a completion script for bash or zsh': '输出 bash 或 zsh 的补全脚本',
  'environment: local, production, or one of your own [TIDEGATE_ENV]':
    '环境：local、production 或自定义的环境 [TIDEGATE_ENV]',
  'configuration file instead of ./tidegate.config.ts': '代替 ./tidegate.config.ts 的配置文件',
  'one JSON object on stdout': '在标准输出打印一个 JSON 对象',
  'no progress on stderr': '不在标准错误输出打印进度',
  'more progress on stderr': '在标准错误输出打印更多进度',
  'language of what people read; that of the locale when absent':
    '供人阅读的文字所用的语言；缺省时取自区域设置',
  // deploy
  'wait for the database, migrate, seed, and check that the rows are as declared':
    '等待数据库就绪、执行迁移、写入种子，并检查各行与声明一致',
  'how long to wait for the database, such as 60s [TIDEGATE_WAIT]':
    '等待数据库的时长，例如 60s [TIDEGATE_WAIT]',
  'how long to wait for the lock, such as 120s [TIDEGATE_LOCK_TIMEOUT]':
    '等待锁的时长，例如 120s [TIDEGATE_LOCK_TIMEOUT]',
  'id of the channel that a seed shall take over: ID or SEED=ID':
    '要由种子接管的渠道的 id：ID 或 SEED=ID',
  'enable channels that the gateway itself disabled (status 3)':
    '启用被网关自行禁用的渠道（状态 3）',
  'after a change: let the running gateway read it, or run `afterApply`':
    '有改动之后：让运行中的网关读取改动，或运行 `afterApply`',
  'end with the doctor: exit 2 when a declared model is not routed':
    '最后运行 doctor：有声明的模型无法路由则以 2 退出',
  'before the gateway starts; safe from any number of replicas':
    '在网关启动之前运行；多个副本同时运行也安全',
  'one JSON object for a pipeline': '供流水线使用的一个 JSON 对象',
  'take channel 8 over instead of creating one': '接管渠道 8，而不是新建一个',
  // migrate
  'the schema: what runs, in order': '表结构：按顺序执行的迁移',
  'apply what is pending': '应用待执行的迁移',
  'the last migration to run (that one included)': '要执行的最后一个迁移（包含它自身）',
  'how many migrations': '迁移的个数',
  'also run migrations that sort before an applied one': '也执行排在已应用迁移之前的迁移',
  'only the next one': '只执行下一个',
  'revert the newest migration, or as many as you say': '回退最新的迁移，或指定的个数',
  'back to before that one': '回到该迁移之前',
  'revert the newest migration and apply it again': '回退最新的迁移并重新应用',
  'show the state of every migration; exit 2 when one is not applied':
    '显示每个迁移的状态；有未应用的则以 2 退出',
  'for a script': '供脚本使用',
  'print the SQL of pending migrations without running it; exit 2 when one is pending':
    '打印待执行迁移的 SQL 而不执行；有待执行的则以 2 退出',
  'print all migrations for this dialect, without connecting': '打印该方言的全部迁移，不连接数据库',
  'for a review': '供评审使用',
  'write the next migration file': '生成下一个迁移文件',
  'check that every applied migration is unedited and its effect still there; else exit 2':
    '检查每个已应用的迁移未被修改且效果仍在；否则以 2 退出',
  'mend the ledger: accept an edited file, forget a missing one, settle a half-done one':
    '修复台账：接受被修改的文件、忘掉缺失的文件、了结执行到一半的迁移',
  'why; kept in the ledger': '原因；保存在台账中',
  'half-done: it is done': '执行到一半的迁移：视为已完成',
  'half-done: it is not done': '执行到一半的迁移：视为未完成',
  'accept the edit': '接受这次修改',
  'mark pending migrations as applied without running them, where their effect is there':
    '在效果已存在时，将待执行的迁移标记为已应用而不执行',
  'the last one to mark': '要标记的最后一个迁移',
  // seed
  'the rows: what must be there': '数据行：必须存在的内容',
  'show what the seeds would change; exit 2 when something would':
    '显示种子会改动什么；有改动则以 2 退出',
  'look before you write': '写入之前先查看',
  'write the seeds; a second run writes nothing': '写入种子；再次运行不会再写入',
  'take channel 8 over': '接管渠道 8',
  'show which seeds are applied, changed since, or new; exit 2 when one is not applied':
    '显示哪些种子已应用、此后有改动或是新增的；有未应用的则以 2 退出',
  // drift
  'what differs between two sides, and what to do about it': '两侧之间有何差异，以及如何处理',
  'compare two sides; nothing is written to either': '比较两侧；不会向任何一侧写入',
  'left side: an environment, `seeds`, or a snapshot file': '左侧：环境、`seeds` 或快照文件',
  'right side: an environment or a snapshot file': '右侧：环境或快照文件',
  'snapshot that both sides once were, or `none`; else what was last applied to the right side, or pulled from it':
    '两侧曾经共有的快照，或 `none`；缺省为上次应用到右侧或从右侧拉取的状态',
  'how many findings are listed; all are counted': '最多列出多少个发现项；全部都会计数',
  'what to print; text when absent': '打印的格式；缺省为 text',
  'file to write as well, by its ending: .html .md .json .jsonl .sarif .xml .txt':
    '同时写入的文件，格式由扩展名决定：.html .md .json .jsonl .sarif .xml .txt',
  'comment on the pull request, write the job summary and the annotations':
    '在拉取请求中评论，并写入作业摘要和标注',
  'the least severity that gives exit code 2': '以 2 退出的最低严重程度',
  'how each table was compared, with bytes, scans and round trips':
    '每张表是如何比较的，包括字节数、扫描次数和往返次数',
  'the local SQLite file with production': '本地 SQLite 文件与 production 比较',
  'what is declared with what is there': '所声明的与实际存在的比较',
  'without any access to production': '无需访问 production',
  'files beside the text': '除文本之外还写入文件',
  'render a report that `drift --format json` wrote': '渲染由 `drift --format json` 生成的报告',
  'the comment, without comparing': '生成评论，不作比较',
  'prove that every kind of difference is found, in throw-away SQLite files':
    '在临时的 SQLite 文件中证明每一种差异都能被发现',
  'connects to nothing; takes a few seconds': '不连接任何数据库；需要几秒钟',
  // accept
  'accept differences that `drift` found, as they are, until a date':
    '将 `drift` 发现的差异按现状接受，直到某个日期',
  why: '原因',
  'who answers for it': '负责人',
  'last day on which it holds, YYYY-MM-DD; 30 days from now when absent':
    '有效期的最后一天，YYYY-MM-DD；缺省为 30 天之后',
  'remove entries that have expired or that nothing needs any more': '移除已过期或不再需要的记录',
  'by the id that drift prints': '使用 drift 打印的 id',
  'clean the list': '清理清单',
  // snapshot
  'a file that stands for a database in comparisons': '在比较中代表数据库的文件',
  'write what comparisons need of a database to a file that may be committed':
    '将比较所需的数据库内容写入可以提交到版本库的文件',
  'users and tokens too: names of customers, not for a public repository':
    '也包括用户和令牌：含有客户名称，不适合公开的仓库',
  'check that a snapshot file is whole and unchanged': '检查快照文件完整且未被改动',
  // lock
  'the lock that keeps two runs apart': '防止两次运行同时进行的锁',
  'show who holds the lock; exit 2 when somebody does': '显示谁持有锁；有人持有则以 2 退出',
  'end the session that holds the lock': '结束持有锁的会话',
  'really do it': '确认执行',
  'its transaction is rolled back': '它的事务会被回滚',
  // doctor
  'why requests are not routed, proven from the database, and what repairs it':
    '从数据库证明请求为何无法路由，以及如何修复',
  'path of a request, such as /runway/tasks, where the gateway knows its model':
    '请求的路径，例如 /runway/tasks，网关由它得知模型',
  'model that requests ask for; those that the seeds declare when absent':
    '请求的模型；缺省为种子声明的模型',
  'only requests with the token of this name': '只看使用该名称令牌的请求',
  'only requests with tokens of this user': '只看使用该用户令牌的请求',
  'as if requests came from this group': '视为请求来自该分组',
  'memory cache of the gateway; as MEMORY_CACHE_ENABLED says, else both':
    '网关的内存缓存；以 MEMORY_CACHE_ENABLED 为准，否则两种情况都看',
  'repair what rules found, such as A5 or A5,C2; every safe repair without a value':
    '修复规则所发现的问题，例如 A5 或 A5,C2；不带值则执行所有安全的修复',
  'with --fix: show and write nothing': '与 --fix 一起使用：只显示，不写入',
  'send the request to the gateway at this URL [TIDEGATE_PROBE_TOKEN]':
    '将请求发送到此 URL 的网关 [TIDEGATE_PROBE_TOKEN]',
  'classify the lines of a gateway log file, or of - (standard input)':
    '将网关日志文件的各行归类；- 表示标准输入',
  'file to write as well, by its ending: .html .md .json .txt':
    '同时写入的文件，格式由扩展名决定：.html .md .json .txt',
  'every group of an enabled token, every declared model': '每个已启用令牌的分组，每个已声明的模型',
  'one request, step by step': '逐步查看一个请求',
  'what a repair would write': '修复会写入什么',
  'the page beside the text': '除文本之外还生成网页',
  'what a log says, without a database': '只看日志，不需要数据库',
  // serve
  'answer health checks and Prometheus, from checks of the database on an interval':
    '定期检查数据库，并据此回应健康检查和 Prometheus',
  'address to listen at; 0.0.0.0 or :: for all of the machine':
    '监听的地址；0.0.0.0 或 :: 表示本机的所有地址',
  'port to listen on; 0 takes any that is free': '监听的端口；0 表示任意空闲端口',
  'time between two checks, 1s or more': '两次检查的间隔，不少于 1s',
  'in a container': '在容器中',
  // fleets
  "with --env 'prod-*' or --env a,b: how many environments at a time; 1 when absent":
    "配合 --env 'prod-*' 或 --env a,b：同时处理多少个环境；缺省为 1",
  'with such an --env: JSON file of what became of each, written after every wave':
    '配合这样的 --env：记录各环境结果的 JSON 文件，每一批之后写入',
  'go on from such a file: only the environments that are not done in it':
    '从这样的文件继续：只处理其中尚未完成的环境',
  'every environment of that name, eight at a time': '名称匹配的所有环境，每次八个',
  // pull, plan, push, apply
  'do it without asking': '不询问，直接执行',
  'where the rows come from: an environment, `seeds`, or a snapshot file':
    '数据行的来源：环境、`seeds` 或快照文件',
  'environment whose database is changed': '要改动其数据库的环境',
  'only these: id of a difference, TABLE, TABLE/NAME or TABLE/NAME/COLUMN':
    '只处理这些：差异的 id、TABLE、TABLE/NAME 或 TABLE/NAME/COLUMN',
  'tables to look at, such as channels,options; without tokens when absent':
    '要查看的表，例如 channels,options；缺省时不含 tokens',
  'where a secret comes from: TABLE/NAME=env:VARIABLE or TABLE/NAME=file:PATH':
    '密钥的来源：TABLE/NAME=env:VARIABLE 或 TABLE/NAME=file:PATH',
  'also write what has been changed on the other side since both agreed':
    '也写入自两侧一致以来在另一侧改动过的内容',
  'also delete rows that only the changed side has, if tidegate made them':
    '也删除只有被改动一侧才有的行，前提是它们由 tidegate 写入',
  'how many rows may be deleted': '最多可以删除多少行',
  'snapshot that both sides once were, or `none`; else what they last agreed on':
    '两侧曾经共有的快照，或 `none`；缺省为两侧上次一致时的状态',
  'bring the configuration of production into the local database; secrets stay there':
    '将 production 的配置带入本地数据库；密钥留在原处',
  'show what would be written': '只显示会写入什么',
  'production to the local SQLite file': '从 production 到本地 SQLite 文件',
  'with the tokens of users who exist here': '连同本地已有用户的令牌',
  'show what `push` would write, and write it to a file for `apply`; exit 2 when something':
    '显示 `push` 会写入什么，并写成供 `apply` 使用的文件；有内容则以 2 退出',
  'file to write as well: .json for `apply`, .md or .txt for people':
    '同时写入的文件：.json 供 `apply` 使用，.md 或 .txt 供人阅读',
  'how long the plan may be applied': '计划在多长时间内可以应用',
  'local against production': '本地与 production 比较',
  'for a pull request': '供拉取请求使用',
  'plan, ask, and write the plan to production': '生成计划，询问，然后将计划写入 production',
  'choose rows and cells from a list': '从列表中选择行和单元格',
  'shows the plan and asks': '显示计划并询问',
  'one row, without asking': '只写一行，不询问',
  'with what was deleted here': '连同在本地删除的行',
  'write a plan that `plan` made; exit 2 when a row has changed since, and nothing is':
    '写入由 `plan` 生成的计划；若此后有行被改动，则什么也不写并以 2 退出',
  'in the pipeline, after the review': '评审之后在流水线中使用',
  // undo, restore, copy
  'put back what a run wrote, where it is still as that run left it':
    '在数据仍与某次运行结束时相同的地方，撤销该次运行写入的内容',
  'the runs in the journal': '日志中的运行',
  'show what would be put back': '只显示会撤销什么',
  'drop runs that are older or more than the configuration keeps':
    '清除超出配置所保留时间或次数的运行',
  'which runs there are': '有哪些运行',
  'the last run, after a question': '询问之后撤销最后一次运行',
  'bring back a restore point of a SQLite file; the gateway must be stopped':
    '恢复 SQLite 文件的还原点；必须先停止网关',
  'the restore points': '列出还原点',
  'which restore points there are': '有哪些还原点',
  'the newest one, after a question': '询问之后恢复最新的还原点',
  'move a whole gateway, with secrets and ids, to an empty database of either dialect':
    '将整个网关（包括密钥和 id）迁移到任一方言的空数据库',
  'environment to copy': '要复制的环境',
  'environment whose database is empty': '数据库为空的环境',
  'tables of a running gateway to copy as well, such as logs':
    '还要复制的、网关运行时写入的表，例如 logs',
  'only check whether everything fits': '只检查所有内容是否都能写入',
  'does every value of the SQLite file fit PostgreSQL?':
    'SQLite 文件的每个值都能写入 PostgreSQL 吗？',
  'and back': '以及反向复制',
}
