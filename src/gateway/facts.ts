/**
 * Rows of the gateway as routing looks at them. Values are canonical texts (`canonicalCell`), null
 * is NULL, and what the gateway cannot read is marked (`isWrongStorage`). No secret is among them:
 * of a key only its form is told, judged inside the database.
 */

type Cell = string | null

export interface ChannelFacts {
  readonly id: string
  readonly name: Cell
  readonly type: Cell
  /** `1` enabled, `2` disabled by an admin, `3` by the gateway itself. */
  readonly status: Cell
  readonly models: Cell
  readonly group: Cell
  readonly priority: Cell
  readonly weight: Cell
  readonly tag: Cell
  readonly baseUrl: Cell
  /** `placeholder`: one that tidegate wrote until somebody sets the key. */
  readonly key: 'set' | 'empty' | 'placeholder'
  readonly keys: MultiKeyFacts | null
  /** Columns whose text should be JSON and is not. */
  readonly invalidJson: readonly string[]
  /** Whether the gateway can load `channel_info`. */
  readonly isInfoReadable: boolean
  /** Columns with a value that the gateway cannot read as what the column holds; all cells. */
  readonly misread: readonly { readonly column: string; readonly value: string }[]
  /** Why and when the gateway disabled it, from `other_info`. */
  readonly statusReason: Cell
  /** Unix seconds. */
  readonly statusTime: Cell
}

/** A channel with several keys: how many there are, how many of them are switched off. */
export interface MultiKeyFacts {
  readonly size: number
  readonly disabled: number
}

/** One row of `abilities`. */
export interface AbilityFacts {
  readonly group: string
  readonly model: string
  readonly channelId: string
  /** `true`, `false`, null, or marked. */
  readonly enabled: Cell
  readonly priority: Cell
  readonly weight: Cell
}

/** A live token: not softly deleted. */
export interface TokenFacts {
  readonly id: string
  readonly name: Cell
  readonly userId: Cell
  /** `1` enabled, `2` disabled, `3` expired, `4` exhausted. */
  readonly status: Cell
  /** Unix seconds; -1 never expires. */
  readonly expiredTime: Cell
  readonly remainQuota: Cell
  readonly isUnlimited: boolean
  /** '' where the version has no such column. */
  readonly group: Cell
  readonly limitsEnabled: boolean
  readonly limits: Cell
  readonly allowIps: Cell
  readonly crossGroupRetry: boolean
  /** Whether the key is one that the gateway can find: no `sk-`, no `-`, no blanks, not short. */
  readonly isKeyFindable: boolean
}

/** A live user: not softly deleted. */
export interface UserFacts {
  readonly id: string
  readonly name: Cell
  readonly status: Cell
  readonly role: Cell
  readonly group: Cell
  readonly quota: Cell
  /** Whether the user's own settings accept models without a price. */
  readonly acceptsUnpriced: boolean
}

/** An option that holds JSON; `absent` means the gateway's built-in value. */
export type JsonOption<T> =
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid' }
  | { readonly kind: 'value'; readonly value: T }

export interface OptionFacts {
  /** Group name to ratio. */
  readonly groupRatio: JsonOption<ReadonlySet<string>>
  /** Groups that every user may use, by name. */
  readonly userUsableGroups: JsonOption<ReadonlySet<string>>
  /** Group of a user to the groups added (`true`) or taken away (`false`) for it. */
  readonly specialGroups: JsonOption<ReadonlyMap<string, ReadonlyMap<string, boolean>>>
  readonly autoGroups: JsonOption<readonly string[]>
  readonly modelPrice: JsonOption<ReadonlySet<string>>
  readonly modelRatio: JsonOption<ReadonlySet<string>>
  readonly selfUse: boolean
  /** Keys of options whose text should be JSON and is not. */
  readonly invalidJson: readonly string[]
}
