import type { CommandLineTexts } from '../command-line.ts'

/** Everything that yargs says to a user of ours. */
const words = {
  'Commands:': '命令：',
  'Options:': '选项：',
  'Examples:': '示例：',
  'Positionals:': '位置参数：',
  command: '命令',
  boolean: '布尔',
  string: '字符串',
  number: '数字',
  array: '数组',
  count: '计数',
  required: '必需',
  default: '默认',
  'default:': '默认值:',
  'choices:': '可选值:',
  'aliases:': '别名:',
  'generated-value': '生成的值',
  'Not enough non-option arguments: got %s, need at least %s': '缺少名称（给出 %s 个，需要 %s 个）',
  'Too many non-option arguments: got %s, maximum of %s': '参数过多（给出 %s 个，最多 %s 个）',
  'Missing required argument: %s': '缺少必需的选项：%s',
  'Unknown argument: %s': '未知的参数：%s',
  'Unknown command: %s': '未知的命令：%s',
  'Invalid values:': '选项的值无效：',
  'Argument: %s, Given: %s, Choices: %s': '选项 %s，给出的值 %s，可选值 %s',
  'Not enough arguments following: %s': '--%s 需要一个值',
  'Arguments %s and %s are mutually exclusive': '--%s 与 --%s 不能同时使用',
  'Did you mean %s?': '没有这个命令；是否想输入 %s？',
  'Show version number': '打印版本号',
  'Show help': '打印本帮助',
}

export const commandLine: CommandLineTexts = {
  words,
  missingCommand: '缺少命令',
  missingCommandAfter: (command) => `${command} 之后缺少命令`,
  notUnderstood: '有无法理解的参数；连接信息和密钥来自环境变量，而不是命令行参数',
  seeHelp: '参见 `tidegate --help`，或在命令之后加 --help',
}
